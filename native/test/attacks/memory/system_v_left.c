/*
 * Promise: System V segments of one run are gone before the next.
 * Attack: the run before leaves segments of most of the limit; this one counts them and wants the same.
 * It would show as segments that are still there.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { LIMIT = 24, PART = 4, PARTS = 4 };

static int fill(void) {
  for (unsigned i = 0; i < PARTS; i++) {
    int id = shmget(IPC_PRIVATE, PART * MIB, IPC_CREAT | 0600);
    void *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
    if (memory == (void *)-1) return could_not("segment %u: %m", i);
    touch(memory, PART * MIB);
  }
  return held("%u MiB are left", PART * PARTS);
}

static int run(void) {
  struct shm_info info = {0};
  shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
  return info.used_ids ? broken("%d segments with %lu pages", info.used_ids, info.shm_tot) : fill();
}

ATTACK(system_v_left, "memory", "System V segments end with their run", .earlier = fill, .run = run, .repeat = 3,
       .limits = {.memory = LIMIT * MIB});
