/*
 * Promise: processes that wait in vfork for their child count like any other.
 * Attack: a chain in which every process starts the next by vfork and waits in the kernel for it.
 * It would show as a chain that is longer than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 8, ENOUGH = 3 * LIMIT, STACK = 16384 };

/* clone instead of vfork: the same wait, without two returns from one function. */
static int link_of_chain(void *argument) {
  struct shared *chain = argument;
  if (++chain->count >= ENOUGH) _exit(0);
  char *stack = malloc(STACK);
  clone(link_of_chain, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, chain);
  _exit(0);
}

static int run(void) {
  struct shared *chain = shared_counter();
  pid_t pid = fork();
  if (pid == 0) link_of_chain(chain);
  waitpid(pid, NULL, 0);
  return chain->count >= LIMIT ? broken("a chain of %u", chain->count) : held("a chain of %u", chain->count);
}

ATTACK(vfork_chain, "processes", "processes waiting in vfork count", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
