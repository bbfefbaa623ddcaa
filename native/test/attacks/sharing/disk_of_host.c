/*
 * Promise: a box does not see how full the host's disks are.
 * Attack: asks for the space of the file system that its image is on.
 * It would show as free space, of which a read-only image has none.
 */
#include "attack.h"

#include <sys/vfs.h>

static int run(void) {
  struct statfs space;
  if (statfs("/", &space)) return held("statfs: %m");
  return space.f_bfree ? broken("%lld blocks are free", (long long)space.f_bfree) : held("no free blocks");
}

ATTACK(disk_of_host, "sharing", "the host's disks are not seen", .run = run,
       .not_promised = "a read-only mount has the numbers of its file system");
