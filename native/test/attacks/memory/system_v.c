/*
 * Promise: System V shared memory counts, also when nobody has it attached.
 * Attack: segment after segment, each filled and detached.
 * It would show as segments that are together larger than the limit.
 */
#include "resources.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { LIMIT = 16, PART = 2, ENOUGH = 3 * LIMIT / PART };

static int run(void) {
  for (unsigned i = 0; i < ENOUGH; i++) {
    int id = shmget(IPC_PRIVATE, PART * MIB, IPC_CREAT | 0600);
    void *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
    if (memory == (void *)-1) return held("segment %u: %m", i);
    touch(memory, PART * MIB);
    shmdt(memory);
  }
  return broken("%u MiB of detached segments", ENOUGH * PART);
}

ATTACK(system_v, "memory", "System V shared memory counts", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups only memory that a process has mapped can be seen");
