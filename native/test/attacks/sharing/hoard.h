/*
 * What the kernel limits per user is shared by all boxes of a slot, one after the other. Each of these
 * attacks takes all of it in a box before, and leaves a daemon that would keep it; the next box must
 * have as much as the first.
 */
#pragma once

#include "attack.h"

#include <unistd.h>

/* The process that has the resource stays, as far as it can, when the box before has ended. */
static inline int leave_daemon(int (*take)(void)) {
  int ends[2];
  char byte;
  if (pipe(ends)) return could_not("no pipe");
  if (fork() == 0) {
    setsid();
    close(ends[0]);
    if (take() < 0 || write(ends[1], "", 1) != 1) _exit(1);
    close(ends[1]);
    for (;;) pause();
  }
  close(ends[1]);
  return read(ends[0], &byte, 1) == 1 ? held("a daemon has it") : could_not("the daemon could not take it");
}
