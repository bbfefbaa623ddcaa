/*
 * Promise: boxes can't tell each other anything through files of the image.
 * Attack: one box locks a file as a whole (flock), which needs no right to write it; another one tries to.
 * It would show as a lock that can't be had.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

static int victim(void) {
  if (flock(open("/proc/self/exe", O_RDONLY), LOCK_EX | LOCK_NB)) return could_not("flock: %m");
  ready();
}

static int run(void) {
  if (!flock(open("/proc/self/exe", O_RDONLY), LOCK_EX | LOCK_NB)) return held("nobody has a lock");
  return errno == EWOULDBLOCK ? broken("somebody has a lock") : could_not("flock: %m");
}

ATTACK(flock_on_image, "sharing", "locks of whole files of the image are not seen by others", .run = run, .victim = victim,
       .alone = true, .not_promised = "boxes of one image share its inodes, and locks belong to inodes");
