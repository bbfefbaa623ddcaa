/*
 * Promise: a box that runs out of memory ends alone.
 * Attack: runs out of memory while a neighbour holds more than it ever gets.
 * It would show as the end of the neighbour, or as memory beyond the limit.
 */
#include "resources.h"

enum { LIMIT = 16 };

static int run(void) {
  return touched(3 * LIMIT * MIB) ? broken("%u MiB", 3 * LIMIT) : held("the mapping was refused");
}

static int victim(void) {
  if (!touched(48 * MIB)) return could_not("the neighbour has no memory");
  ready();
}

/* The limits of an attack are also its victim's; this one gets its own. */
static void before(struct scene *scene) {
  scene->victim_spec.limits.memory = 128 * MIB;
}

ATTACK(neighbour, "memory", "a box without memory ends alone", .run = run, .victim = victim, .before = before,
       .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups processes are looked at each 10 ms");
