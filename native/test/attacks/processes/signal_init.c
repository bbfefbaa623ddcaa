/*
 * Promise: a box can't stop or kill the process that ends it.
 * Attack: every signal to its parent and to pid 1.
 * It would show as a call that succeeds.
 */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

static int run(void) {
  pid_t targets[] = {1, getppid()};
  for (unsigned i = 0; i < COUNT_OF(targets); i++) {
    for (int number = 0; number <= 64; number++)
      if (number != SIGKILL && !kill(targets[i], number)) return broken("signal %d to pid %d", number, targets[i]);
    if (!kill(targets[i], SIGKILL)) return broken("SIGKILL to pid %d", targets[i]);
  }
  return held("init is out of reach");
}

ATTACK(signal_init, "processes", "the box's init can't be stopped or killed", .run = run, .outside = {.root = true},
       .weaker = "without root, init and the program have one uid; the kernel protects pid 1 from what is sent");
