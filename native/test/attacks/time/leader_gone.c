/*
 * Promise: a program whose first thread has ended runs under the same limits.
 * Attack: the main thread exits, another goes on.
 * It would show as a thread that is still there after the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WALL = 200 };

static void *go_on(void *unused) {
  sleep_ms(patience_ms(WALL));
  exit(broken("a thread outlives the limit"));
  return unused;
}

static int run(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, go_on, NULL)) return could_not("a thread");
  syscall(SYS_exit, 0);
  return could_not("the main thread goes on");
}

ATTACK(leader_gone, "time", "the limit outlives the main thread", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT));
