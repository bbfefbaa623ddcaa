/*
 * Promise: pages that processes shared after fork are counted anew when one of them writes.
 * Attack: a parent within the limit, whose children rewrite all that they inherit.
 * It would show as copies that are together larger than the limit.
 */
#include "resources.h"

#include <unistd.h>

enum { LIMIT = 24, CHILDREN = 10, PART = 8 };

static int run(void) {
  struct shared *there = shared_counter();
  char *memory = touched(PART * MIB);
  if (!memory) return could_not("the first %u MiB were refused", PART);
  for (unsigned i = 0; i < CHILDREN; i++)
    if (fork() == 0) {
      touch(memory, PART * MIB);
      there->count++;
      for (;;) pause();
    }
  for (unsigned i = 0; i < 1000 && there->count < CHILDREN; i++) sleep_ms(2);
  return there->count == CHILDREN ? broken("%u copies of %u MiB", CHILDREN, PART) : held("%u copies", there->count);
}

ATTACK(copies_on_write, "memory", "copies of inherited pages are counted", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups memory is summed up by looking, some time after it was taken");
