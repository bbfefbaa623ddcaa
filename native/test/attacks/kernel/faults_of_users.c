/*
 * Promise: a box can't handle page faults of the kernel.
 * Attack: userfaultfd stops the kernel in the middle of reading a program's memory for as long as the
 * program likes: the tool with which races in kernels are won.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/userfaultfd.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
  TRY(all, syscall(SYS_userfaultfd, 0));
  return refused_all(&all);
}

EVIDENCE("userfaultfd=2")

ATTACK(faults_of_users, "kernel", "a box can't handle page faults of the kernel", .run = run, .check = check,
       .outside.root = true);
