/*
 * Promise: bits that the kernel ignores in a call's number don't hide the call.
 * Attack: the kernel takes the lower 32 bits of a call's number, and programs may set the others: a
 * filter that compared all 64 would not know the call any more.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>

static long call(unsigned long number) {
  long answer;
  register long r10 __asm__("r10") = 0;
  register long r8 __asm__("r8") = 0;
  __asm__ volatile("syscall"
                   : "=a"(answer)
                   : "a"(number), "D"(0L), "S"(0L), "d"(0L), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  errno = answer < 0 ? (int)-answer : 0;
  return answer < 0 ? -1 : answer;
}

static int run(void) {
  struct refusals all = {0};
  TRY(all, call(1UL << 32 | SYS_mount));
  TRY(all, call(0xffffffff00000000UL | SYS_swapon));
  TRY(all, call(1UL << 63 | SYS_syslog));
  return refused_all(&all);
}

EVIDENCE("mount=1", "swapon=1", "syslog=1")

ATTACK(wide_numbers, "kernel", "bits that the kernel ignores in a call's number don't hide the call", .run = run,
       .check = check, .outside.root = true);
#endif
