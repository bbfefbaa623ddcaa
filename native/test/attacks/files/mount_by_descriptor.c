/*
 * Promise: a box can't mount by descriptor.
 * Attack: the newer mount calls work on descriptors, without any path.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  int fs = -1, made = -1;
  mkdir("m", 0755);
  TRY(all, fs = fsopen("tmpfs", 0));
  TRY(all, fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
  TRY(all, made = fsmount(fs, 0, 0));
  TRY(all, move_mount(made, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
  TRY(all, fspick(AT_FDCWD, "m", 0));
  return refused_all(&all);
}

EVIDENCE("fsopen=1", "fsconfig=1", "fsmount=1", "move_mount=1", "fspick=1")

ATTACK(mount_by_descriptor, "files", "a box can't mount by descriptor", .run = run, .check = check,
       .outside.root = true);
