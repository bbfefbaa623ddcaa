/*
 * Promise: CPU time of all threads is one account.
 * Attack: several threads, each of which stays below the limit.
 * It would show as all of them reaching their end.
 */
#include "resources.h"

#include <pthread.h>
#include <time.h>

enum { LIMIT = 100, THREADS = 6, PART = 60 };

static void *burn_part(void *unused) {
  struct timespec used;
  do {
    for (volatile unsigned i = 0; i < 10000; i++) continue;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  } while (used.tv_sec == 0 && used.tv_nsec < PART * 1000000);
  return unused;
}

static int run(void) {
  pthread_t threads[THREADS];
  for (unsigned i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, burn_part, NULL)) return could_not("thread %u", i);
  for (unsigned i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return broken("%u threads of %u ms", THREADS, PART);
}

ATTACK(busy_threads, "time", "CPU time of threads is one account", .run = run, .limits = {.cpu = LIMIT * MS},
       .ends = STATUS(CPU_LIMIT));
