/*
 * Promise: a box can't get namespaces of its own by unshare.
 * Attack: in a namespace of its own a program has powers that the kernel gives to no user otherwise; a
 * user namespace brings all of them at once. One child per kind, so that none is in the way of the
 * next.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static long unshare_in_child(int kind) {
  int status;
  pid_t pid = fork();
  if (pid == 0) _exit(unshare(kind) ? errno : 0);
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return 0;
  errno = WEXITSTATUS(status);
  return errno ? -1 : 0;
}

static int run(void) {
  struct refusals all = {0};
  TRY(all, unshare_in_child(CLONE_NEWUSER));
  TRY(all, unshare_in_child(CLONE_NEWNS));
  TRY(all, unshare_in_child(CLONE_NEWPID));
  TRY(all, unshare_in_child(CLONE_NEWNET));
  TRY(all, unshare_in_child(CLONE_NEWIPC));
  TRY(all, unshare_in_child(CLONE_NEWUTS));
  TRY(all, unshare_in_child(CLONE_NEWCGROUP));
  TRY(all, unshare_in_child(CLONE_NEWTIME));
  TRY(all, unshare_in_child(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET));
  return refused_all(&all);
}

EVIDENCE("unshare=9")

ATTACK(unshare_namespaces, "kernel", "a box can't get namespaces of its own by unshare", .run = run, .check = check,
       .outside.root = true);
