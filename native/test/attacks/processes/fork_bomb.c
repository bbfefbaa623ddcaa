/*
 * Promise: a box has at most as many processes as its limit says, whoever of them forks.
 * Attack: every process forks as long as it can; a shared counter tells how many there are at once.
 * It would show as more live processes than the limit.
 */
#include "resources.h"

#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  struct shared *alive = shared_counter();
  pid_t first = getpid();
  alive->count = 1;
  while (alive->count <= ENOUGH) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) alive->count++;
  }
  if (getpid() != first)
    for (;;) pause();
  return alive->count > LIMIT ? broken("%u processes at once", alive->count) : held("%u processes at once", alive->count);
}

ATTACK(fork_bomb, "processes", "at most as many processes as the limit says", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
