/*
 * Promise: a box can't change its root mount.
 * Attack: another root, or the old one back.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_pivot_root, ".", "."));
  TRY(all, syscall(SYS_pivot_root, "/", "/w"));
  return refused_all(&all);
}

EVIDENCE("pivot_root=2")

ATTACK(new_root, "files", "a box can't change its root mount", .run = run, .check = check, .outside.root = true);
