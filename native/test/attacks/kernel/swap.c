/*
 * Promise: a box can't add or remove swap.
 * Attack: swap belongs to the host: a box could write to its disks with it, or take it from everybody.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/swap.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, swapon(NULL, 0));
  TRY(all, swapoff(NULL));
  return refused_all(&all);
}

EVIDENCE("swapon=1", "swapoff=1")

ATTACK(swap, "kernel", "a box can't add or remove swap", .run = run, .check = check, .outside.root = true);
