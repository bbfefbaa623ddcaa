/*
 * Promise: callers that die or are interrupted don't confuse the supervisor.
 * Attack: a process that is killed while the supervisor answers its call, or interrupted by signals all
 * the time: the supervisor is asked about callers that are not there any more. Afterwards it must still
 * answer.
 * It would show as an answer that is not the refusal, or none at all.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing(int signal) {
  (void)signal;
}

static void be_killed(unsigned after) {
  volatile char *started = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t pid = fork();
  if (pid == 0) {
    *started = 1;
    for (int i = 0; i < 20; i++) syscall(SYS_swapoff, NULL);
    for (;;) pause();
  }
  while (!*started) sched_yield();
  for (volatile unsigned i = 0; i < after; i++) continue;
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  munmap((void *)started, 4096);
}

static int run(void) {
  const struct itimerval often = {{0, 50}, {0, 50}}, never = {0};
  struct refusals all = {0};
  for (unsigned i = 0; i < 30; i++) be_killed(i * 300);
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = nothing, .sa_flags = SA_RESTART}, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  for (unsigned i = 0; i < 100; i++) TRY(all, syscall(SYS_swapoff, NULL));
  setitimer(ITIMER_REAL, &never, NULL);
  TRY(all, syscall(SYS_swapon, NULL, 0));
  return refused_all(&all);
}

EVIDENCE("swapon=1")

ATTACK(dying_callers, "kernel", "callers that die or are interrupted don't confuse the supervisor", .run = run,
       .check = check, .outside.root = true);
