/*
 * Promise: a box can't have the host's processes logged.
 * Attack: process accounting writes a line for every process of the machine to a file of the caller's
 * choice.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, acct("/w/there/is/no/such/file"));
  return refused_all(&all);
}

EVIDENCE("acct=1")

ATTACK(accounting, "kernel", "a box can't have the host's processes logged", .run = run, .check = check,
       .outside.root = true);
