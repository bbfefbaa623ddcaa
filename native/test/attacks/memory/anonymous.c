/*
 * Promise: anonymous memory is limited for the box as a whole.
 * Attack: touches three times as much as the limit allows.
 * It would show as an attack that gets it all.
 */
#include "resources.h"

enum { LIMIT = 24 };

static int run(void) {
  return touched(3 * LIMIT * MIB) ? broken("%u MiB", 3 * LIMIT) : held("the mapping was refused");
}

ATTACK(anonymous, "memory", "anonymous memory is limited", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups processes are looked at each 10 ms");
