/*
 * Promise: a box can't take descriptors out of a process.
 * Attack: pidfd_getfd takes descriptors out of another process, kcmp tells which are the same in the
 * kernel and in what order the kernel's objects lie.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/kcmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  int fd = (int)syscall(SYS_pidfd_open, child, 0);
  TRY(all, syscall(SYS_pidfd_getfd, fd, 1, 0));
  TRY(all, syscall(SYS_kcmp, getpid(), child, KCMP_FILE, 1, 1));
  TRY(all, syscall(SYS_kcmp, getpid(), child, KCMP_VM, 0, 0));
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return refused_all(&all);
}

EVIDENCE("pidfd_getfd=1", "kcmp=2")

ATTACK(descriptors_of_others, "kernel", "a box can't take descriptors out of a process", .run = run, .check = check);
