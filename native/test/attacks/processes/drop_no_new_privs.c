/*
 * Promise: no_new_privs is set for all that runs in a box, so set-user-id programs give nothing.
 * Attack: clears it, in itself, in a thread and in a child after exec.
 * It would show as a process without it. The control has none to begin with.
 */
#include "attack.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_set(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static int run(void) {
  if (argument(0)) return is_set() ? held("set") : broken("it is not set after exec");
  if (!is_set()) return broken("it is not set");
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    execl("/proc/self/exe", "attacks", "drop_no_new_privs", "run", "again", (char *)NULL);
    _exit(COULD_NOT);
  }
  waitpid(pid, &status, 0);
  return status ? broken("a child is without it: %x", status) : held("it stays set");
}

ATTACK(drop_no_new_privs, "processes", "no_new_privs can't be cleared", .run = run);
