/*
 * Promise: a box can't hang up a terminal.
 * Attack: vhangup takes the terminal away from everyone who uses it.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, vhangup());
  return refused_all(&all);
}

EVIDENCE("vhangup=1")

ATTACK(hang_up, "kernel", "a box can't hang up a terminal", .run = run, .check = check, .outside.root = true);
