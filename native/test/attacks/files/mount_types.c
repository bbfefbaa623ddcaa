/*
 * Promise: a box can't mount a file system.
 * Attack: every kind of file system that could be mounted brings its own way out: proc and sysfs the
 * host's switches, cgroup the limits themselves, devpts and devtmpfs devices, ramfs memory without
 * limit.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/mount.h>
#include <sys/stat.h>

static int run(void) {
  struct refusals all = {0};
  mkdir("m", 0755);
  TRY(all, mount("none", "m", "tmpfs", 0, NULL));
  TRY(all, mount("none", "m", "ramfs", 0, NULL));
  TRY(all, mount("none", "m", "proc", 0, NULL));
  TRY(all, mount("none", "m", "sysfs", 0, NULL));
  TRY(all, mount("none", "m", "devpts", 0, NULL));
  TRY(all, mount("none", "m", "devtmpfs", 0, NULL));
  TRY(all, mount("none", "m", "cgroup2", 0, NULL));
  TRY(all, mount("none", "m", "mqueue", 0, NULL));
  TRY(all, mount("none", "m", "overlay", 0, "lowerdir=/,upperdir=/w,workdir=/tmp"));
  TRY(all, mount("none", "m", "no such type", 0, NULL));
  return refused_all(&all);
}

EVIDENCE("mount=10")

ATTACK(mount_types, "files", "a box can't mount a file system", .run = run, .check = check, .outside.root = true);
