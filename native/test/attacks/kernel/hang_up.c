/* vhangup takes the terminal away from everyone who uses it. */
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
