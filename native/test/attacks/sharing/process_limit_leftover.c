/*
 * Promise: the next box may have as many processes as its limit says.
 * Attack: the box before leaves as many as it could, in sessions of their own, some dead and not waited for.
 * It would show as a fork that fails too early.
 */
#include "attack.h"

#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT = 16, KEPT = 12 };

static int earlier(void) {
  for (int i = 0; i < KEPT; i++)
    if (fork() == 0) {
      setsid();
      if (i % 4 == 0) _exit(0);
      for (;;) pause();
    }
  return held("%d processes", KEPT);
}

/* Outside there is no limit but that of the user. */
static int run(void) {
  struct rlimit limit = {LIMIT, LIMIT};
  int made = 0;
  setrlimit(RLIMIT_NPROC, &limit);
  while (made < KEPT) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0)
      for (;;) pause();
    made++;
  }
  return made < KEPT ? broken("only %d processes", made) : held("%d processes", made);
}

ATTACK(process_limit_leftover, "sharing", "no processes are counted for the next box", .earlier = earlier, .run = run,
       .repeat = 4, .limits = {.processes = LIMIT});
