/*
 * Promise: a program can't change its input.
 * Attack: the input is the judge's: a program that changes it, or its length, lies to whoever reads it
 * after.
 * It would show as a call that succeeds, or as other bytes.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char input[] = "what the judge asks";

static int run(void) {
  char now[64] = "";
  unsigned changed = 0;
  int fd = open("/proc/self/fd/0", O_RDWR);
  if (fd >= 0) {
    changed += pwrite(fd, "x", 1, 0) == 1;
    changed += !ftruncate(fd, 1);
    changed += !ftruncate(fd, 1 << 20);
    changed += !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
    changed += mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED;
  }
  changed += !ftruncate(0, 0);
  changed += !truncate("/proc/self/fd/0", 0);
  changed += pwrite(0, "x", 1, 0) == 1;
  ssize_t got = pread(0, now, sizeof now, 0);
  changed += got != (ssize_t)strlen(input) || memcmp(now, input, strlen(input));
  return changed ? broken("%u changes", changed) : held("it is as it was given");
}

static void before(struct scene *scene) {
  scene->spec.input = input;
  scene->spec.input_size = strlen(input);
}

ATTACK(input_tampering, "files", "a program can't change its input", .run = run, .before = before);
