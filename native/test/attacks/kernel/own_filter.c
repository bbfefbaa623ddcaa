/*
 * Promise: a box can't lay a filter of its own over the policy.
 * Attack: a filter of its own could answer the box's calls before the policy's own answer is counted,
 * or hand the box's calls to a listener of the box.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  struct sock_filter code = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  struct sock_fprog program = {1, &code};
  TRY(all, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
  TRY(all, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
  TRY(all, syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &program));
  return refused_all(&all);
}

EVIDENCE("prctl=1", "seccomp=2")

ATTACK(own_filter, "kernel", "a box can't lay a filter of its own over the policy", .run = run, .check = check,
       .outside.root = true);
