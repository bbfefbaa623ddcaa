/*
 * Promise: CPU time of processes that have ended counts, waited for or not.
 * Attack: one short child after the other, half of them buried by the parent, half left to init.
 * It would show as a relay that comes to its end.
 */
#include "resources.h"

#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 100, CHILDREN = 30, PART = 10 };

static int run(void) {
  for (unsigned i = 0; i < CHILDREN; i++) {
    pid_t pid = fork();
    if (pid < 0) return could_not("child %u: %m", i);
    if (pid == 0) {
      /* The grandchild runs as an orphan beside the next child. */
      if (i % 2 == 0 || fork() == 0) burn_cpu(PART * MS);
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
  return broken("%u children of %u ms, one after the other", CHILDREN, PART);
}

ATTACK(relay, "time", "CPU time of ended processes counts", .run = run, .limits = {.cpu = LIMIT * MS},
       .ends = STATUS(CPU_LIMIT));
