/*
 * Promise: a box can't get namespaces of its own by clone.
 * Attack: clone makes namespaces too. Its flags are 64 bits wide for the program and looked at as 32 by
 * the kernel: whoever checks them must not be misled by the upper half.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long clone_with(unsigned long flags) {
  long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  int error = errno;
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  errno = error;
  return pid;
}

static int run(void) {
  struct refusals all = {0};
  TRY(all, clone_with(CLONE_NEWUSER));
  TRY(all, clone_with(CLONE_NEWNS));
  TRY(all, clone_with(CLONE_NEWPID));
  TRY(all, clone_with(CLONE_NEWNET));
  TRY(all, clone_with(CLONE_NEWIPC));
  TRY(all, clone_with(CLONE_NEWUTS));
  TRY(all, clone_with(CLONE_NEWCGROUP));
  TRY(all, clone_with(1UL << 32 | CLONE_NEWUTS));
  TRY(all, clone_with(~0UL << 32 | CLONE_NEWIPC));
  TRY(all, clone_with(CLONE_NEWNS | CLONE_NEWPID | CLONE_VFORK));
  return refused_all(&all);
}

EVIDENCE("clone=10")

ATTACK(clone_namespaces, "kernel", "a box can't get namespaces of its own by clone", .run = run, .check = check,
       .outside.root = true);
