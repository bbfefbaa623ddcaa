/*
 * Promise: processes that have ended and that nobody has waited for count too; they hold pids of the machine.
 * Attack: children that end at once and are never waited for.
 * It would show as more of them than the limit.
 */
#include "resources.h"

#include <unistd.h>

enum { LIMIT = 10, ENOUGH = 10 * LIMIT };

static int run(void) {
  unsigned zombies = 0;
  while (zombies < ENOUGH) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) _exit(0);
    zombies++;
  }
  return zombies >= LIMIT ? broken("%u zombies", zombies) : held("%u zombies", zombies);
}

ATTACK(zombie_flood, "processes", "zombies count as processes", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
