/*
 * Promise: a box can't make the disks of the host work, past the page cache that all boxes share.
 * Attack: reads the image's file directly from the disk (O_DIRECT), which no cache ends.
 * It would show as a descriptor that reads so.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool reads(int fd, void *block) {
  return fd >= 0 && fcntl(fd, F_GETFL) & O_DIRECT && pread(fd, block, 4096, 0) == 4096;
}

static int read_directly(const char *path) {
  const struct open_how how = {.flags = O_RDONLY | O_DIRECT};
  void *block = aligned_alloc(4096, 4096);
  int plain = open(path, O_RDONLY);
  if (plain < 0) return could_not("%s can't be read", path);
  if (reads(open(path, O_RDONLY | O_DIRECT), block)) return broken("open");
  if (reads((int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how), block)) return broken("openat2");
  if (!fcntl(plain, F_SETFL, O_DIRECT) && reads(plain, block)) return broken("fcntl");
  return held("%s", strerrorname_np(errno));
}

static int run(void) {
  return read_directly("/bin/attacks");
}

/* A file of the host's disk; tmpfs, where the control's own files are, takes no such flag on older kernels. */
static int control(void) {
  int ends[2];
  AUTO_CLOSE int plain = open("/bin/sh", O_RDONLY | O_DIRECT | O_CLOEXEC);
  if (plain >= 0 || errno != EINVAL) return read_directly("/bin/sh");
  /* A machine that has all of its files in memory still has pipes that take the flag. */
  if (pipe(ends) || fcntl(ends[1], F_SETFL, O_DIRECT)) return held("not even a pipe takes it");
  return broken("a pipe takes it");
}

ATTACK(direct_reads, "files", "a box reads its image by the page cache", .run = run, .control = control);
