/* vhangup takes the terminal away from everyone who uses it. */
#define _GNU_SOURCE
#include "refused.h"

#include <unistd.h>

static int run(void) {
  MUST_REFUSE(vhangup());
  return held("nobody is cut off");
}

EVIDENCE("vhangup=1")

ATTACK(hang_up, "kernel", "a box can't hang up a terminal", .run = run, .check = check, .outside.root = true);
