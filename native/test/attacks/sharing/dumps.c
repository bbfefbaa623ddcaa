/*
 * Promise: a program that crashes leaves no dump, and starts no program of the host that takes dumps.
 * Attack: raises its limit for dumps, and crashes.
 * It would show as a dump that the kernel says it has made.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void) {
  int status;
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &limit);
  pid_t pid = fork();
  if (pid == 0) raise(SIGSEGV);
  if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status)) return could_not("no crash: status %x", status);
  return WCOREDUMP(status) ? broken("a dump was made") : held("no dump");
}

ATTACK(dumps, "sharing", "crashes make no dumps", .run = run);
