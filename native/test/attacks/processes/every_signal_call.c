/*
 * Promise: no call that sends signals reaches a process outside of the box.
 * Attack: rt_sigqueueinfo, tkill, tgkill, rt_tgsigqueueinfo, pidfd_send_signal and kill of groups, to every pid
 * that a machine may have, while a neighbour runs.
 * It would show as a call that succeeds, or as a neighbour that has ended.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool reach(pid_t pid, siginfo_t *info) {
  if (!syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, info)) return true;
  if (!syscall(SYS_tkill, pid, SIGUSR1)) return true;
  if (!syscall(SYS_tgkill, pid, pid, SIGUSR1)) return true;
  if (!syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGUSR1, info)) return true;
  if (!kill(-pid, SIGUSR1)) return true;
  AUTO_CLOSE int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  return fd >= 0 && !syscall(SYS_pidfd_send_signal, fd, SIGUSR1, NULL, 0);
}

static int run(void) {
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
  signal(SIGUSR1, SIG_IGN);
  for (pid_t pid = 1; pid < 33000; pid++)
    if (pid != getpid() && reach(pid, &info)) return broken("pid %d was reached", pid);
  return held("no pid was reached");
}

static int victim(void) {
  ready();
}

ATTACK(every_signal_call, "processes", "no way to signal a process of another box", .run = run, .victim = victim,
       .weaker = "without root, init and the program have one uid; the kernel protects pid 1 from what is sent");
