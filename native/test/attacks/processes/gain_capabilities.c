/*
 * Promise: no process of a box has a capability, and none can be had.
 * Attack: keeps capabilities over a change of user, sets securebits, raises ambient, inheritable and permitted
 * sets, and becomes root, any other user and any group.
 * It would show as a capability in one of the sets, or as another user or group.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {0};
  syscall(SYS_capget, &header, data);
  uint64_t any = data[0].permitted | data[0].effective | data[0].inheritable | data[1].permitted | data[1].effective;
  for (int capability = 0; capability < 64; capability++) {
    if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1) any |= 1ull << capability;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1) any |= 1ull << capability;
  }
  return any;
}

static int run(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
  gid_t groups[] = {0, 4, 6, 42};
  uid_t before = getuid();
  prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
  syscall(SYS_capset, &header, all);
  for (int capability = 0; capability < 64; capability++) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
  uint64_t any = capabilities();
  if (any) return broken("capabilities %llx", (unsigned long long)any);
  if (!setgroups(4, groups)) return broken("other groups");
  for (uid_t uid = 0; uid < 2000; uid++)
    if (uid != before && (!setuid(uid) || !setreuid(uid, uid) || !setresuid(uid, uid, uid))) return broken("user %u", uid);
  setfsuid(0);
  if (setfsuid((uid_t)-1) == 0) return broken("file access as root");
  if (!setgid(0) || !setregid(0, 0) || !setresgid(0, 0, 0)) return broken("group 0");
  return held("no capability, one user");
}

ATTACK(gain_capabilities, "processes", "no capability and no other user", .run = run, .outside = {.root = true});
