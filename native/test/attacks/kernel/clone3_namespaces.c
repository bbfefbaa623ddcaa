/* The flags of clone3 are behind a pointer, out of sight of any filter: so the call must not exist. */
#define _GNU_SOURCE
#include "../attack.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  struct clone_args arguments = {.flags = CLONE_NEWUSER | CLONE_NEWNS, .exit_signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  if (pid < 0 && errno == ENOSYS) return held("there is no clone3");
  return broken("clone3 answers %s", pid < 0 ? strerrorname_np(errno) : "with a process in namespaces of its own");
}

ATTACK(clone3_namespaces, "kernel", "a box can't get namespaces of its own by clone3", .run = run, .outside.root = true);
