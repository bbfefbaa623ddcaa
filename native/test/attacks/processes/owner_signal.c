/*
 * Promise: signals that the kernel sends for a descriptor reach nobody whom the program may not signal.
 * Attack: makes the box's init the owner of a pipe (F_SETOWN) whose activity is told by SIGKILL (F_SETSIG).
 * It would show as the end of init, and with it of the box. The control aims at a child of its own.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void aim(pid_t target) {
  int ends[2];
  if (pipe(ends)) return;
  fcntl(ends[0], F_SETOWN, target);
  fcntl(ends[0], F_SETSIG, SIGKILL);
  fcntl(ends[0], F_SETFL, O_ASYNC);
  if (write(ends[1], "x", 1) != 1) return;
}

static int run(void) {
  aim(getppid());
  aim(1);
  aim(-1);
  sleep_ms(30);
  return held("init lives");
}

static int control(void) {
  pid_t pid = fork();
  int status;
  if (pid == 0) {
    sleep_ms(5000);
    _exit(0);
  }
  aim(pid);
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? broken("the owner was killed") : held("the owner lives");
}

ATTACK(owner_signal, "processes", "descriptors don't signal init", .run = run, .control = control);
