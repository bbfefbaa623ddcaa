/*
 * Promise: a box can't change the kernel's modules.
 * Attack: a module is code in the kernel. There is none to load, which outside is what the kernel
 * complains of.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_init_module, NULL, 0, NULL));
  TRY(all, syscall(SYS_finit_module, -1, NULL, 0));
  TRY(all, syscall(SYS_delete_module, NULL, 0));
  return refused_all(&all);
}

EVIDENCE("init_module=1", "finit_module=1", "delete_module=1")

ATTACK(modules, "kernel", "a box can't change the kernel's modules", .run = run, .check = check, .outside.root = true);
