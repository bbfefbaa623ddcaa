/*
 * Promise: a box can't reach the ports of devices.
 * Attack: with the ports of devices a program needs no kernel. No port is asked for: outside that is
 * what the kernel answers.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/io.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, iopl(0));
  TRY(all, ioperm(0, 0, 0));
  return refused_all(&all);
}

EVIDENCE("iopl=1", "ioperm=1")

ATTACK(io_ports, "kernel", "a box can't reach the ports of devices", .run = run, .check = check, .outside.root = true);
#endif
