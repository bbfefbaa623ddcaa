/* bpf loads programs into the kernel, and lists those of everybody. */
#define _GNU_SOURCE
#include "refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  char attributes[128] = {0};
  MUST_REFUSE(syscall(SYS_bpf, 11 /* next program */, attributes, sizeof attributes));
  MUST_REFUSE(syscall(SYS_bpf, -1, attributes, sizeof attributes));
  return held("no programs in the kernel");
}

EVIDENCE("bpf=2")

ATTACK(kernel_programs, "kernel", "a box can't load or list programs in the kernel", .run = run, .check = check,
       .outside.root = true);
