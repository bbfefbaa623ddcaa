/*
 * Promise: a box can't restart the machine.
 * Attack: a box that may restart or halt the machine ends everybody. Outside, root's call gets past the
 * check of its power and is turned down for its wrong magic numbers.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_reboot, 0, 0, 0, 0));
  return refused_all(&all);
}

EVIDENCE("reboot=1")

ATTACK(restart, "kernel", "a box can't restart the machine", .run = run, .check = check, .outside.root = true);
