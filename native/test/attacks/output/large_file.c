/*
 * Promise: no file is larger than the limit of files, however it grows.
 * Attack: with SIGXFSZ ignored, grows files by write, ftruncate, fallocate, pwrite far behind the end, sendfile,
 * splice and copy_file_range.
 * It would show as a file beyond the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 1 << 20, FAR = 16 << 20, WAYS = 8 };

/* What the attempt answers does not matter, only how large the file is then. */
static void try(long answer) {
  (void)answer;
}

static void write_at(int fd, off_t at, unsigned times) {
  lseek(fd, at, SEEK_SET);
  for (unsigned i = 0; i < times; i++) try(write(fd, "four", 4));
}

static void splice_at(int fd, off_t at) {
  int ends[2];
  if (pipe(ends)) return;
  try(write(ends[1], "some bytes and more", 19));
  try(splice(ends[0], NULL, fd, &at, 19, 0));
}

static void grow(int fd, int small, unsigned way) {
  off_t from = 0, to = LIMIT - 10;
  switch (way) {
    case 0: write_at(fd, LIMIT - 2, 2); break;
    case 1: try(ftruncate(fd, FAR)); break;
    case 2: try(fallocate(fd, 0, 0, FAR)); break;
    case 3: try(pwrite(fd, "x", 1, FAR)); break;
    case 4:
      lseek(fd, to, SEEK_SET);
      try(sendfile(fd, small, &from, 4096));
      break;
    case 5: splice_at(fd, to); break;
    case 6: try(copy_file_range(small, &from, fd, &to, 4096, 0)); break;
    default:
      fcntl(fd, F_SETFL, O_APPEND);
      try(fallocate(fd, 0, 0, LIMIT - 1));
      try(write(fd, "four", 4));
  }
}

static int run(void) {
  static char block[4096];
  char name[16];
  int small = open("small", O_RDWR | O_CREAT, 0600);
  signal(SIGXFSZ, SIG_IGN);
  raise_soft_limit(RLIMIT_FSIZE);
  if (write(small, block, sizeof block) != sizeof block) return could_not("a small file: %m");
  for (unsigned way = 0; way < WAYS; way++) {
    struct stat status;
    snprintf(name, sizeof name, "f%u", way);
    AUTO_CLOSE int fd = open(name, O_RDWR | O_CREAT, 0600);
    if (fd < 0) return could_not("%s: %m", name);
    grow(fd, small, way);
    if (!fstat(fd, &status) && status.st_size > LIMIT) return broken("way %u: %lld bytes", way, (long long)status.st_size);
  }
  return held("no file is larger than %u bytes", LIMIT);
}

ATTACK(large_file, "output", "no file beyond the limit of files", .run = run, .limits = {.file = LIMIT, .disk = 64 * MIB});
