/*
 * Promise: a box can't change /dev.
 * Attack: the devices of /dev are the same for every box of a slot: who could change one, its owner or
 * its times, would tell the next box something, or take its /dev/null away.
 * It would show as a call that succeeds.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static int tamper(const char *directory) {
  static const char *const names[] = {"null", "zero", "full", "random", "urandom"};
  unsigned changed = 0;
  if (chdir(directory)) return could_not("no %s", directory);
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    changed += !chmod(names[i], 0600);
    changed += !lchown(names[i], getuid(), getgid());
    changed += !utimensat(AT_FDCWD, names[i], NULL, AT_SYMLINK_NOFOLLOW);
    changed += !lsetxattr(names[i], "user.note", "x", 1, 0) || !lsetxattr(names[i], "security.note", "x", 1, 0);
    changed += !rename(names[i], "other") && !rename("other", names[i]);
    changed += !link(names[i], "link");
    changed += !unlink(names[i]);
  }
  changed += creat("file", 0644) >= 0;
  changed += !mkdir("directory", 0755);
  changed += !symlink("/", "root");
  return changed ? broken("%u changes of %s", changed, directory) : held("%s stays", directory);
}

static int run(void) {
  return tamper("/dev");
}

/* In a directory of its own with the same names. */
static int control(void) {
  mkdir("dev", 0755);
  static const char *const names[] = {"dev/null", "dev/zero", "dev/full", "dev/random", "dev/urandom"};
  for (unsigned i = 0; i < COUNT_OF(names); i++) close(creat(names[i], 0666));
  return tamper("dev");
}

ATTACK(device_tampering, "files", "a box can't change /dev", .run = run, .control = control);
