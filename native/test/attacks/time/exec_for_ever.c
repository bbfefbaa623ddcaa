/*
 * Promise: a program that becomes another all the time stays under its clock.
 * Attack: executes itself again and again, so that it is never the same for long.
 * It would show as a program that is still there after its limit.
 */
#include "resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WALL = 250 };

static int run(void) {
  char start[32];
  if (!argument(0)) snprintf(start, sizeof start, "%llu", (unsigned long long)now_ns());
  else snprintf(start, sizeof start, "%s", argument(0));
  if (now_ns() - strtoull(start, NULL, 10) > patience_ms(WALL) * MS) return broken("still there after %u ms", patience_ms(WALL));
  execl("/proc/self/exe", "attacks", "exec_for_ever", "run", start, (char *)NULL);
  return could_not("exec: %m");
}

ATTACK(exec_for_ever, "time", "exec does not restart the clock", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT) | STATUS(CPU_LIMIT));
