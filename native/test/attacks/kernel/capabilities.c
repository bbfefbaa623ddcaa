/* What a box starts without it must not get: by asking, by sets that outlive exec, or by clearing the
   bits that hold it. */
#define _GNU_SOURCE
#include "../attack.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct have[2] = {0}, want[2];
  unsigned got = 0;
  for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
    got += prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1;
    got += prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0;
    for (unsigned i = 0; i < 2; i++) want[i] = (struct __user_cap_data_struct){0};
    want[capability / 32].effective = want[capability / 32].permitted = want[capability / 32].inheritable = 1u << capability % 32;
    got += syscall(SYS_capset, &header, want) == 0;
  }
  got += prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS, 0, 0, 0) == 0;
  syscall(SYS_capget, &header, have);
  for (unsigned i = 0; i < 2; i++) got += have[i].effective || have[i].permitted || have[i].inheritable;
  return got ? broken("%u ways to a capability", got) : held("no capability by any way");
}

ATTACK(capabilities, "kernel", "a box has no capabilities and gets none", .run = run, .outside.root = true);
