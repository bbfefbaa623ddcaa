/*
 * Promise: a program that waits in the kernel for a child that never comes back meets its limit.
 * Attack: a child by vfork that sleeps, while its parent waits without hearing signals but SIGKILL.
 * It would show as a parent that goes on after the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { WALL = 200 };

static int sleep_on(void *unused) {
  (void)unused;
  sleep_ms(patience_ms(WALL));
  _exit(0);
}

static int run(void) {
  static _Alignas(16) char stack[65536];
  clone(sleep_on, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
  return broken("back after %u ms", patience_ms(WALL));
}

ATTACK(vfork_wait, "time", "waiting in vfork meets the limit", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT));
