/*
 * Promise: the next box has the slot's whole allowance of pipe buffers (pipe-user-pages-soft).
 * Attack: a daemon of the box before keeps so many large pipes that its user gets only small ones.
 * It would show as a pipe that is smaller than usual.
 */
#define _GNU_SOURCE
#include "hoard.h"

#include <fcntl.h>

enum { USUAL = 65536, LARGE = 1024 * 1024, MOST = 400 };

/* Until the kernel gives only small ones, or, where no pipe can be made larger, as many as there can be. */
static int take(void) {
  int ends[2], made;
  for (made = 0; made < MOST && !pipe(ends); made++) {
    close(ends[1]);
    if (fcntl(ends[0], F_GETPIPE_SZ) < USUAL) return made;
    for (int size = LARGE; size > USUAL && fcntl(ends[0], F_SETPIPE_SZ, size) < 0;) size /= 2;
  }
  return made;
}

static int earlier(void) {
  return leave_daemon(take);
}

static int run(void) {
  int ends[2];
  if (pipe(ends)) return could_not("no pipe: %m");
  int size = fcntl(ends[0], F_GETPIPE_SZ);
  return size < USUAL ? broken("a pipe of %d bytes", size) : held("a pipe of %d bytes", size);
}

ATTACK(pipe_pages, "sharing", "no pipe buffers are counted for the next box", .earlier = earlier, .run = run, .repeat = 4,
       .limits = {.open_files = 512});
