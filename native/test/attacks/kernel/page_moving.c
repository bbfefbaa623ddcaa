/*
 * Promise: a box can't move pages of memory.
 * Attack: moving pages between the memories of processors tells where they are, and works on other
 * processes.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0));
  TRY(all, syscall(SYS_migrate_pages, 0, 0, NULL, NULL));
  return refused_all(&all);
}

EVIDENCE("move_pages=1", "migrate_pages=1")

ATTACK(page_moving, "kernel", "a box can't move pages of memory", .run = run, .check = check);
