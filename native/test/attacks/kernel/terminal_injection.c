/*
 * Promise: a box can't type into a terminal.
 * Attack: who may push characters into the input of a terminal types commands into the shell that
 * started it. A box has no terminal, but the call is asked for before anybody looks whether this is
 * one.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int inject(int terminal) {
  struct refusals all = {0};
  char request = 2;
  TRY(all, ioctl(terminal, TIOCSTI, "x"));
  TRY(all, ioctl(terminal, TIOCLINUX, &request));
  return refused_all(&all);
}

static int run(void) {
  return inject(0);
}

/* On a terminal of its own. */
static int control(void) {
  int leader = open("/dev/ptmx", O_RDWR | O_NOCTTY), terminal = -1;
  if (leader >= 0 && !grantpt(leader) && !unlockpt(leader)) terminal = open(ptsname(leader), O_RDWR);
  if (terminal < 0) return could_not("no terminal can be made");
  return inject(terminal);
}

EVIDENCE("ioctl=2")

ATTACK(terminal_injection, "kernel", "a box can't type into a terminal", .run = run, .control = control, .check = check,
       .outside.root = true);
