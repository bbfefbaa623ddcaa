/*
 * Promise: threads count as processes.
 * Attack: starts threads until it is refused.
 * It would show as more threads than the limit.
 */
#include "resources.h"

#include <pthread.h>
#include <unistd.h>

enum { LIMIT = 10, ENOUGH = 3 * LIMIT };

static void *wait_for_ever(void *unused) {
  for (;;) pause();
  return unused;
}

static int run(void) {
  unsigned threads = 1;
  pthread_t thread;
  while (threads < ENOUGH && !pthread_create(&thread, NULL, wait_for_ever, NULL)) threads++;
  return threads > LIMIT ? broken("%u threads", threads) : held("%u threads", threads);
}

ATTACK(thread_storm, "processes", "threads count as processes", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
