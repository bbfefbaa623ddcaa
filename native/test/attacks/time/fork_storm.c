/*
 * Promise: a box whose processes come and go faster than anyone can look ends at its limit as a whole.
 * Attack: every process forks all the time and ends soon.
 * It would show as a box that is there after its limit, or as a process after the outcome. It may meet its
 * memory limit first: the kernel gives the memory of ended processes back some time later.
 */
#include "resources.h"

#include <signal.h>
#include <unistd.h>

/* Outside the storm has no limit of processes but this. */
enum { WALL = 250, AT_ONCE = 24 };

static int run(void) {
  struct shared *alive = shared_counter();
  uint64_t start = now_ns();
  signal(SIGCHLD, SIG_IGN);
  pid_t first = getpid();
  while (now_ns() - start < patience_ms(WALL) * MS) {
    if (alive->count >= AT_ONCE) {
      if (getpid() != first) break;
      continue;
    }
    alive->count++;
    pid_t pid = fork();
    if (pid < 0) alive->count--;
    if (pid == 0) setsid();
  }
  if (getpid() == first) return broken("%u ms of forks", patience_ms(WALL));
  alive->count--;
  _exit(0);
}

ATTACK(fork_storm, "time", "a storm of forks ends at the limit", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT) | STATUS(CPU_LIMIT) | STATUS(MEMORY_LIMIT));
