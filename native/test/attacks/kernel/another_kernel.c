/*
 * Promise: a box can't load another kernel.
 * Attack: kexec puts another kernel in the place of this one. The calls have nothing to load, so that
 * outside the kernel turns them down for that, or has no such call.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_kexec_load, 0, 0, NULL, -1));
  TRY(all, syscall(SYS_kexec_file_load, -1, -1, 0, NULL, -1));
  return refused_all(&all);
}

EVIDENCE("kexec_load=1", "kexec_file_load=1")

ATTACK(another_kernel, "kernel", "a box can't load another kernel", .run = run, .check = check, .outside.root = true);
