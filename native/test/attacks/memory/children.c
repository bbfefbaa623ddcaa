/*
 * Promise: memory is limited for all processes of a box together.
 * Attack: many children, each of which takes a part of the limit and keeps it.
 * It would show as all of them having their part at the same time.
 */
#include "resources.h"

#include <unistd.h>

enum { LIMIT = 24, CHILDREN = 12, PART = 6 };

static int run(void) {
  struct shared *there = shared_counter();
  for (unsigned i = 0; i < CHILDREN; i++)
    if (fork() == 0) {
      if (touched(PART * MIB)) there->count++;
      for (;;) pause();
    }
  for (unsigned i = 0; i < 1000 && there->count < CHILDREN; i++) sleep_ms(2);
  return there->count == CHILDREN ? broken("%u children with %u MiB each", CHILDREN, PART) : held("%u children", there->count);
}

ATTACK(children, "memory", "memory of all processes is one account", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups memory is summed up by looking, some time after it was taken");
