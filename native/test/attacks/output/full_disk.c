/*
 * Promise: all files of /w, and all of /tmp, are together not larger than the disk limit.
 * Attack: small files, space that is reserved behind their ends (FALLOC_FL_KEEP_SIZE), deleted files that are open,
 * and holes that are filled later.
 * It would show as more space than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { LIMIT = 2, ENOUGH = 3 * LIMIT, PART = 256 * 1024 };

static bool take(const char *place, unsigned number) {
  static char block[PART];
  char name[64];
  snprintf(name, sizeof name, "%s/f%u", place, number);
  int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd < 0) return false;
  if (number % 4 == 0) return fallocate(fd, FALLOC_FL_KEEP_SIZE, PART, PART) == 0;
  if (number % 4 == 1) unlink(name);
  if (number % 4 == 2 && ftruncate(fd, 4 * PART)) return false;
  return pwrite(fd, block, PART, 0) == PART;
}

static int run(void) {
  static const char *const places[] = {"/w", "/tmp"};
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    unsigned parts = 0;
    for (unsigned number = 0; number < 100 && parts * PART < ENOUGH * MIB; number++) parts += take(places[i], number);
    if (parts * PART > LIMIT * MIB) return broken("%u KiB in %s", parts * PART / 1024, places[i]);
  }
  return held("both are full");
}

ATTACK(full_disk, "output", "all files stay within the disk limit", .run = run, .limits = {.disk = LIMIT * MIB, .open_files = 256});
