/*
 * Promise: a box that uses every processor is stopped in time, and leaves its neighbour's limit to the neighbour.
 * Attack: as many busy processes as allowed, beside a neighbour that waits.
 * It would show as busy processes that come to their end, or as the end of the neighbour.
 */
#include "resources.h"

#include <sys/wait.h>
#include <unistd.h>

enum { WALL = 200, PROCESSES = 8 };

static int run(void) {
  for (unsigned i = 1; i < PROCESSES; i++)
    if (fork() == 0) {
      burn_cpu(patience_ms(WALL) / 6 * MS);
      _exit(0);
    }
  burn_cpu(patience_ms(WALL) / 6 * MS);
  while (wait(NULL) > 0) continue;
  return broken("%u busy processes came to their end", PROCESSES);
}

static int victim(void) {
  ready();
}

static void before(struct scene *scene) {
  scene->victim_spec.limits.wall = 60000 * MS;
}

ATTACK(starve_neighbour, "time", "a busy box is stopped in time", .run = run, .victim = victim, .before = before,
       .limits = {.wall = WALL * MS, .cpu = 60000 * MS}, .ends = STATUS(WALL_LIMIT));
