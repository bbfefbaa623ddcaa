/*
 * Promise: a run has its own limit of memory, whatever the run before it has left to be cleaned up.
 * Attack: the run before leaves most of its limit in System V segments, which the kernel frees some time after
 * its end; this one takes more than its limit.
 * It would show as more than the limit, because what was still there was taken for something that stays.
 */
#include "resources.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { LIMIT = 48, LEFT = 40, WANTED = LIMIT + 16 };

static int earlier(void) {
  int id = shmget(IPC_PRIVATE, LEFT * MIB, IPC_CREAT | 0600);
  void *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
  if (memory == (void *)-1) return could_not("a segment: %m");
  touch(memory, LEFT * MIB);
  return held("%u MiB are left", LEFT);
}

static int run(void) {
  /* By now it is gone, if it was not before. */
  sleep_ms(200);
  return touched(WANTED * MIB) ? broken("%u MiB of %u", WANTED, LIMIT) : held("the mapping was refused");
}

ATTACK(left_behind, "memory", "leftovers do not raise the next limit", .earlier = earlier, .run = run,
       .check = check_memory_peak, .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups processes are looked at each 10 ms");
