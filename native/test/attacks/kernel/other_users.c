/* Becoming another user: root, the user of the neighbour's slot, or nobody. */
#define _GNU_SOURCE
#include "../attack.h"

#include <grp.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  const uid_t others[] = {0, getuid() + 1, getuid() - 1, 65534};
  unsigned got = 0;
  for (unsigned i = 0; i < COUNT_OF(others); i++) {
    gid_t groups[] = {others[i]};
    got += !syscall(SYS_setgroups, 1, groups);
    got += !syscall(SYS_setresgid, -1, others[i], -1) || !syscall(SYS_setregid, -1, others[i]);
    got += !syscall(SYS_setresuid, -1, others[i], -1) || !syscall(SYS_setreuid, -1, others[i]);
    setfsuid(others[i]);
    setfsgid(others[i]);
    got += (uid_t)setfsuid((uid_t)-1) == others[i] || (gid_t)setfsgid((gid_t)-1) == others[i];
  }
  return got ? broken("%u changes of user or group", got) : held("one user for ever");
}

ATTACK(other_users, "kernel", "a box can't become another user", .run = run, .outside.root = true);
