/*
 * Promise: a box can't trace a process, not even its own.
 * Attack: who may trace may change system calls after the filter has seen them, on some kernels, and
 * reach into every process of the same user. Each way is tried on a child, which outside is always
 * allowed.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long trace_me(void) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) _exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) ? errno : 0);
  waitpid(pid, &status, 0);
  errno = WEXITSTATUS(status);
  return errno ? -1 : 0;
}

static int run(void) {
  struct refusals all = {0};
  pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  TRY(all, ptrace(PTRACE_SEIZE, child, NULL, NULL));
  TRY(all, ptrace(PTRACE_INTERRUPT, child, NULL, NULL));
  TRY(all,
      ptrace(PTRACE_ATTACH, child, NULL, NULL) < 0 && errno == EPERM ? ptrace(PTRACE_PEEKUSER, child, NULL, NULL) : 0);
  TRY(all, trace_me());
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return refused_all(&all);
}

EVIDENCE("ptrace=5")

ATTACK(trace_child, "kernel", "a box can't trace a process, not even its own", .run = run, .check = check);
