/*
 * Promise: a box can't touch quotas.
 * Attack: quotas of the host's disks can be read and changed by device, without any path to them.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_quotactl, -1, NULL, 0, NULL));
  TRY(all, syscall(SYS_quotactl_fd, -1, -1, 0, NULL));
  return refused_all(&all);
}

EVIDENCE("quotactl=1", "quotactl_fd=1")

ATTACK(quotas, "kernel", "a box can't touch quotas", .run = run, .check = check, .outside.root = true);
