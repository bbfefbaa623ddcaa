/*
 * Promise: anonymous memory is limited for the box as a whole.
 * Attack: touches three times as much as the limit allows.
 * It would show as an attack that gets it all.
 */
#include "attack.h"

#include <string.h>
#include <sys/mman.h>

enum { LIMIT = 24 };

static int run(void) {
  size_t size = 3 * LIMIT * MIB;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return held("the mapping was refused");
  memset(memory, 1, size);
  return broken("%zu MiB", size / MIB);
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  if (scene->outcome.memory > (LIMIT + 1) * MIB)
    scene_broken(scene, "peak of %llu bytes", (unsigned long long)scene->outcome.memory);
}

ATTACK(anonymous, "memory", "anonymous memory is limited", .run = run, .check = check,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT));
