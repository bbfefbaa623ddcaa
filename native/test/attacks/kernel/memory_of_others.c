/*
 * Promise: a box can't reach into another process's memory.
 * Attack: reading and writing another process's memory by call, tried on a child, which outside is
 * allowed.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  static char target[4096], copy[4096];
  struct iovec local = {copy, sizeof copy}, remote = {target, sizeof target};
  struct refusals all = {0};
  pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  int fd = (int)syscall(SYS_pidfd_open, child, 0);
  TRY(all, process_vm_readv(child, &local, 1, &remote, 1, 0));
  TRY(all, process_vm_writev(child, &local, 1, &remote, 1, 0));
  TRY(all, syscall(SYS_process_madvise, fd, &remote, 1, MADV_COLD, 0));
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return refused_all(&all);
}

EVIDENCE("process_vm_readv=1", "process_vm_writev=1", "process_madvise=1")

ATTACK(memory_of_others, "kernel", "a box can't reach into another process's memory", .run = run, .check = check,
       .outside.root = true);
