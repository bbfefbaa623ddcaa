/*
 * Promise: tables of open files count.
 * Attack: many processes, each with a table that is as large as the limit of open files allows.
 * It would show as tables that are together larger than the memory limit.
 */
#include "resources.h"

#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT = 4, FILES = 20000, CHILDREN = 40 };

static int run(void) {
  struct shared *there = shared_counter();
  raise_soft_limit(RLIMIT_NOFILE);
  if (dup2(0, FILES - 1) < 0) return could_not("descriptor %u: %m", FILES - 1);
  for (unsigned i = 0; i < CHILDREN; i++) {
    pid_t pid = fork();
    if (pid < 0) return held("child %u: %m", i);
    if (pid > 0) continue;
    there->count++;
    for (;;) pause();
  }
  for (unsigned i = 0; i < 1000 && there->count < CHILDREN; i++) sleep_ms(2);
  return there->count == CHILDREN ? broken("%u tables of %u descriptors", CHILDREN, FILES) : held("%u tables", there->count);
}

ATTACK(descriptor_tables, "memory", "tables of open files count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .open_files = FILES, .processes = CHILDREN + 2},
       .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED), .weaker = "without cgroups memory of the kernel is not seen");
