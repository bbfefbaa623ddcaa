/*
 * Promise: a limit ends the whole box, also what the main program has nothing to do with any more.
 * Attack: a daemon that forks and lets its children take its place, for ever, while the main program
 * waits beyond its wall limit.
 * It would show as a program that is still there after its limit, or as a process after the outcome.
 */
#include "resources.h"

#include <signal.h>
#include <unistd.h>

enum { WALL = 200 };

static void wander(void) {
  setsid();
  /* Parent after parent ends; whoever kills by a list of pids comes too late. */
  for (unsigned generation = 0; generation < 20000; generation++)
    if (fork() > 0) _exit(0);
  _exit(0);
}

static int run(void) {
  if (fork() == 0) wander();
  sleep_ms(patience_ms(WALL));
  return broken("still there after %u ms", patience_ms(WALL));
}

ATTACK(orphans_after_limit, "processes", "a limit ends wandering daemons too", .run = run, .limits = {.wall = WALL * MS},
       /* Of memory when the kernel is late in giving back what dead processes had. */
       .ends = STATUS(WALL_LIMIT) | STATUS(CPU_LIMIT) | STATUS(MEMORY_LIMIT));
