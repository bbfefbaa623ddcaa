/*
 * Promise: the stack of the program is limited.
 * Attack: raises the limit as far as it can, then recurses to three times of it.
 * It would show as a recursion that comes back.
 */
#include "resources.h"

#include <sys/resource.h>

enum { LIMIT = 1, ENOUGH = 3 * LIMIT };

static unsigned recurse(unsigned left) {
  volatile char frame[4096];
  frame[0] = (char)left;
  return left ? recurse(left - 1) + (unsigned)frame[0] % 2 : 0;
}

static int run(void) {
  raise_soft_limit(RLIMIT_STACK);
  unsigned odd = recurse(ENOUGH * 256);
  return broken("%u MiB of stack (%u)", ENOUGH, odd);
}

ATTACK(deep_stack, "memory", "the stack is limited", .run = run, .limits = {.stack = LIMIT * MIB}, .ends = STATUS(SIGNALLED));
