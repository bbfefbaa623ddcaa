/*
 * Promise: a box has at most as many processes as its limit says, whoever of them forks.
 * Attack: every process forks as long as it can; a shared counter tells how many there are at once.
 * It would show as more live processes than the limit.
 */
#include "attack.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  atomic_uint *alive = mmap(NULL, sizeof *alive, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t first = getpid();
  *alive = 1;
  while (*alive <= ENOUGH) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) ++*alive;
  }
  if (getpid() != first)
    for (;;) pause();
  return *alive > LIMIT ? broken("%u processes at once", *alive) : held("%u processes at once", *alive);
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  if (scene->outcome.hits == 0) scene_broken(scene, "the limit was not counted as hit");
  if (scene->outcome.processes > LIMIT) scene_broken(scene, "peak of %u processes", scene->outcome.processes);
}

ATTACK(fork_bomb, "processes", "at most as many processes as the limit says", .run = run, .check = check,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
