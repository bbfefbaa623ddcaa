/*
 * Promise: extended attributes of files count.
 * Attack: the largest attributes on as many files as it may have.
 * It would show as attributes that are together larger than the memory limit.
 */
#include "resources.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  static char value[65536];
  char name[16];
  size_t total = 0;
  for (unsigned file = 0; total < ENOUGH * MIB; file++) {
    snprintf(name, sizeof name, "f%u", file);
    int fd = open(name, O_WRONLY | O_CREAT, 0644);
    if (fd < 0) return held("%zu KiB in attributes of %u files: %m", total >> 10, file);
    for (unsigned i = 0; total < ENOUGH * MIB; i++) {
      char key[24];
      snprintf(key, sizeof key, "user.a%u", i);
      if (fsetxattr(fd, key, value, sizeof value, 0)) break;
      total += sizeof value;
    }
    if (total == 0) return held("no attribute at all: %m");
    close(fd);
  }
  return broken("%zu MiB in attributes", total / MIB);
}

/* Where files have no attributes of users (tmpfs before Linux 6.6), as much in files shows that the memory
   of a control has no limit. */
static int control(void) {
  static char block[1 << 20];
  int fd = open("plain", O_WRONLY | O_CREAT, 0644);
  for (unsigned i = 0; i < ENOUGH; i++)
    if (write(fd, block, sizeof block) != sizeof block) return held("%u MiB: %m", i);
  return broken("%u MiB in a file", ENOUGH);
}

ATTACK(attributes, "memory", "extended attributes count", .run = run, .control = control, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .inodes = 16384}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED));
