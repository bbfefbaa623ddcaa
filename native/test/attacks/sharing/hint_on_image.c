/*
 * Promise: what a box does with files of the image leaves no mark that the next could read.
 * Attack: the box before sets the write hint of a file's inode; the next reads it.
 * It would show as the hint. The control does so as root, who may set hints on any file.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdint.h>

static int earlier(void) {
  uint64_t hint = 2;
  int file = open("/proc/self/exe", O_RDONLY);
  return fcntl(file, F_SET_RW_HINT, &hint) ? held("F_SET_RW_HINT: %m") : held("set");
}

static int run(void) {
  uint64_t hint = 0;
  int file = open("/proc/self/exe", O_RDONLY);
  if (fcntl(file, F_GET_RW_HINT, &hint)) return could_not("F_GET_RW_HINT: %m");
  return hint ? broken("hint %d", (int)hint) : held("no hint");
}

ATTACK(hint_on_image, "sharing", "no marks on inodes of the image", .earlier = earlier, .run = run, .outside = {.root = true});
