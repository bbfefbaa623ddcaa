/*
 * Promise: a program that stops itself (SIGSTOP) still meets its limit.
 * Attack: everything stops itself but a child that would wake the others too late.
 * It would show as a program that is woken up after its limit.
 */
#include "resources.h"

#include <signal.h>
#include <unistd.h>

enum { WALL = 200 };

static int run(void) {
  pid_t self = getpid();
  if (fork() == 0) {
    setsid();
    sleep_ms(patience_ms(WALL));
    kill(self, SIGCONT);
    _exit(0);
  }
  raise(SIGSTOP);
  return broken("woken up after %u ms", patience_ms(WALL));
}

ATTACK(stopped, "time", "stopped programs meet their limit", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT));
