/*
 * Promise: a program that turns into a 32-bit one makes no calls.
 * Attack: a far jump into the 32-bit code segment turns this very process into a 32-bit one, whose
 * sysenter and int 0x80 reach the other table from there. Code and stack must lie below 4 GiB for that.
 * It jumps back instead of returning: QEMU's emulation touches the stack of a far call with the
 * kernel's rights, and the kernel takes that for a fault of its own.
 * It would show as the answer of a call from there.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "attack.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  static const unsigned char code[] = {
      0xb8, 20,   0, 0, 0,          /* mov eax, 20: getpid of the 32-bit table */
      0xcd, 0x80,                   /* int 0x80 */
      0xea, 0,    0, 0, 0, 0x33, 0, /* jmp far to the 64-bit segment, at the next line */
      0xff, 0x25, 0, 0, 0, 0,       /* jmp to the address that follows */
  };
  unsigned char *low =
      mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (low == MAP_FAILED) return could_not("no memory below 4 GiB");
  unsigned next = (unsigned)(unsigned long)low + 14;
  memcpy(low, code, sizeof code);
  memcpy(low + 8, &next, sizeof next);
  static struct {
    unsigned offset;
    unsigned short segment;
  } __attribute__((packed)) target;
  target.offset = (unsigned)(unsigned long)low;
  target.segment = 0x23;
  long answer;
  __asm__ volatile(
      "lea 1f(%%rip), %%rax\n"
      "mov %%rax, %c[back](%[low])\n"
      "mov %%rsp, %%r12\n"
      "lea 8188(%[low]), %%rsp\n"
      "ljmp *%[target]\n"
      "1: mov %%r12, %%rsp\n"
      : "=&a"(answer)
      : [target] "m"(target), [low] "r"(low), [back] "i"(sizeof code)
      : "r12", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
  return broken("the call was made from the 32-bit segment and answers %ld", answer);
}

/* A kernel without that table ends the program with SIGSEGV, but only a filter with SIGSYS. */
static int control(void) {
  int status;
  pid_t pid = fork();
  if (pid == 0) _exit(run());
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return could_not("no child");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) return held("a filter is here");
  return broken("no filter ends it");
}

ATTACK(compatibility_segment, "kernel", "a program that turns into a 32-bit one makes no calls", .run = run,
       .control = control, .ends = STATUS(SIGNALLED));
#endif
