/*
 * Promise: calls of the 32-bit table end the program.
 * Attack: int 0x80 reaches the table of 32-bit calls, where the same numbers mean other calls: 20 is
 * getpid there and writev here. A filter that looks at numbers alone lets mount pass as something
 * harmless.
 * It would show as the answer of the call.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "attack.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  long answer;
  __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return broken("the call was made and answers %ld", answer);
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

ATTACK(foreign_calls, "kernel", "calls of the 32-bit table end the program", .run = run, .control = control,
       .ends = STATUS(SIGNALLED));
#endif
