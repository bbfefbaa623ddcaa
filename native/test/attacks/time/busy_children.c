/*
 * Promise: CPU time of all processes is one account.
 * Attack: several children at once, each of which stays below the limit, while the main program sleeps.
 * It would show as all of them reaching their end.
 */
#include "resources.h"

#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 100, CHILDREN = 6, PART = 60 };

static int run(void) {
  for (unsigned i = 0; i < CHILDREN; i++)
    if (fork() == 0) {
      burn_cpu(PART * MS);
      _exit(0);
    }
  while (wait(NULL) > 0) continue;
  return broken("%u children of %u ms", CHILDREN, PART);
}

ATTACK(busy_children, "time", "CPU time of processes is one account", .run = run, .limits = {.cpu = LIMIT * MS},
       .ends = STATUS(CPU_LIMIT));
