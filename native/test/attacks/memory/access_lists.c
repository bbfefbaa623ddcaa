/*
 * Promise: access lists of files count as memory.
 * Attack: the longest lists (system.posix_acl_*) on as many directories as it may have.
 * It would show as lists that are together larger than the memory limit.
 */
#include "resources.h"

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* In the kernel an entry takes as much as here, at least. */
enum { LIMIT = 12, ENOUGH = 3 * LIMIT, ENTRIES = 8000 };

static struct {
  struct posix_acl_xattr_header header;
  struct posix_acl_xattr_entry entries[ENTRIES];
} list;

static void make_list(void) {
  unsigned last = ENTRIES - 1;
  list.header.a_version = POSIX_ACL_XATTR_VERSION;
  list.entries[0] = (struct posix_acl_xattr_entry){ACL_USER_OBJ, 7, ACL_UNDEFINED_ID};
  for (unsigned i = 1; i < last - 2; i++) list.entries[i] = (struct posix_acl_xattr_entry){ACL_USER, 7, i};
  list.entries[last - 2] = (struct posix_acl_xattr_entry){ACL_GROUP_OBJ, 7, ACL_UNDEFINED_ID};
  list.entries[last - 1] = (struct posix_acl_xattr_entry){ACL_MASK, 7, ACL_UNDEFINED_ID};
  list.entries[last] = (struct posix_acl_xattr_entry){ACL_OTHER, 7, ACL_UNDEFINED_ID};
}

static int run(void) {
  static const char *const names[] = {"system.posix_acl_access", "system.posix_acl_default"};
  char path[16];
  size_t total = 0;
  make_list();
  for (unsigned i = 0; total < ENOUGH * MIB; i++) {
    snprintf(path, sizeof path, "d%u", i);
    if (mkdir(path, 0700)) return held("%zu KiB in lists of %u directories: %m", total >> 10, i);
    for (unsigned k = 0; k < COUNT_OF(names); k++)
      if (!setxattr(path, names[k], &list, sizeof list, 0)) total += sizeof list;
    if (total == 0) return held("no list at all: %m");
  }
  return broken("%zu MiB in lists", total / MIB);
}

ATTACK(access_lists, "memory", "access lists of files count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .inodes = 4000}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED),
       .weaker = "without cgroups memory of the kernel is not seen");
