/*
 * Promise: calls of the x32 table end the program.
 * Attack: the x32 table has the same architecture and a bit in the number: 0x40000000 + 165 is mount,
 * which a filter for 165 does not match. Where the kernel has no such table it answers ENOSYS; here the
 * program must not live to see any answer.
 * It would show as any answer of the call.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  long answer = syscall(0x40000000 | SYS_mount, NULL, NULL, NULL, 0, NULL);
  return broken("the call answers %s", answer < 0 ? strerrorname_np(errno) : "with success");
}

ATTACK(x32_calls, "kernel", "calls of the x32 table end the program", .run = run, .ends = STATUS(SIGNALLED));
#endif
