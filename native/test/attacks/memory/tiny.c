/*
 * Promise: a box with a tiny limit still starts, and when it wants more it is told as memory, never as a fault of
 * the platform.
 * Attack: takes twice its 4 MiB, run after run in one slot.
 * It would show as memory beyond the limit, or as another status.
 */
#include "resources.h"

static int run(void) {
  return touched(8 * MIB) ? broken("8 MiB of 4") : held("the mapping was refused");
}

ATTACK(tiny, "memory", "4 MiB are enough to start, and not exceeded", .run = run, .check = check_memory_peak,
       .limits = {.memory = 4 * MIB}, .ends = STATUS(MEMORY_LIMIT), .repeat = 4,
       .weaker = "without cgroups processes are looked at each 10 ms");
