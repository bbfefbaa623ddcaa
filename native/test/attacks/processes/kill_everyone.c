/*
 * Promise: no signal of a box reaches a process of another box.
 * Attack: kill(-1) and SIGKILL to every pid there may be, while a neighbour runs.
 * It would show as a neighbour that has ended, or as a pid that answers though it is not ours.
 */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

static int run(void) {
  pid_t self = getpid();
  unsigned reached = 0;
  for (pid_t pid = 1; pid < 40000; pid++)
    if (pid != self && kill(pid, SIGKILL) == 0) reached++;
  if (kill(-1, SIGKILL) == 0) reached++;
  return reached ? broken("%u signals were delivered", reached) : held("nobody could be reached");
}

static int victim(void) {
  ready();
}

ATTACK(kill_everyone, "processes", "no signal reaches another box", .run = run, .victim = victim,
       .weaker = "without root, init and the program have one uid; the kernel protects pid 1 from what is sent");
