/*
 * Promise: boxes can't tell each other anything through files of the image.
 * Attack: one box takes locks for reading on single bytes of a file; another one asks who would be in its way.
 * It would show as the bits of a number.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>

enum { SECRET = 0xa5, BITS = 8 };

static int victim(void) {
  int file = open("/proc/self/exe", O_RDONLY);
  for (int bit = 0; bit < BITS; bit++) {
    struct flock lock = {.l_type = F_RDLCK, .l_start = bit, .l_len = 1};
    if (SECRET >> bit & 1 && fcntl(file, F_SETLK, &lock)) return could_not("F_SETLK: %m");
  }
  ready();
}

static int run(void) {
  int file = open("/proc/self/exe", O_RDONLY), found = 0;
  for (int bit = 0; bit < BITS; bit++) {
    struct flock lock = {.l_type = F_WRLCK, .l_start = bit, .l_len = 1};
    if (fcntl(file, F_GETLK, &lock)) return could_not("F_GETLK: %m");
    found |= (lock.l_type != F_UNLCK) << bit;
  }
  return found ? broken("%x was told", found) : held("nothing was told");
}

ATTACK(record_locks_on_image, "sharing", "locks of parts of files of the image are not seen by others", .run = run,
       .victim = victim, .alone = true, .not_promised = "boxes of one image share its inodes, and locks belong to inodes");
