/*
 * Promise: clone3, whose flags no filter can read, does not exist in a box.
 * Attack: a child by clone3.
 * It would show as a child.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  struct clone_args arguments = {.exit_signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  return attempt("clone3", pid);
}

ATTACK(clone3, "processes", "clone3 does not exist", .run = run);
