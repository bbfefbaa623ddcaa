/*
 * Promise: a box can't load or list programs in the kernel.
 * Attack: bpf loads programs into the kernel, and lists those of everybody.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  char attributes[128] = {0};
  TRY(all, syscall(SYS_bpf, 11 /* next program */, attributes, sizeof attributes));
  TRY(all, syscall(SYS_bpf, -1, attributes, sizeof attributes));
  return refused_all(&all);
}

EVIDENCE("bpf=2")

ATTACK(kernel_programs, "kernel", "a box can't load or list programs in the kernel", .run = run, .check = check,
       .outside.root = true);
