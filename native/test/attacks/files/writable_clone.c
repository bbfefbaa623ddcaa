/*
 * Promise: a box can't clone a mount or change its flags.
 * Attack: a clone of the image's mount need not have its flags: whoever may clone it may write to the
 * image.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

static int run(void) {
  struct mount_attr writable = {.attr_clr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
  struct refusals all = {0};
  int tree = -1;
  TRY(all, tree = open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE));
  TRY(all, mount_setattr(tree, "", AT_EMPTY_PATH, &writable, sizeof writable));
  TRY(all, mount_setattr(AT_FDCWD, "/w", 0, &writable, sizeof writable));
  TRY(all, syscall(SYS_open_tree_attr, AT_FDCWD, "/", OPEN_TREE_CLONE, &writable, sizeof writable));
  return refused_all(&all);
}

EVIDENCE("open_tree=1", "mount_setattr=2", "open_tree_attr=1")

ATTACK(writable_clone, "files", "a box can't clone a mount or change its flags", .run = run, .check = check,
       .outside.root = true);
