/*
 * Promise: a stream has nothing of an earlier run in it.
 * Attack: a stream that was used before may still have bytes of the one before in it, which whoever
 * opens its other end can read: the output of another submission.
 * It would show as bytes that this run has not written.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

static int earlier(void) {
  static char block[100000];
  /* More than is captured, and nobody waits for it to be read. */
  fcntl(1, F_SETFL, O_NONBLOCK);
  for (unsigned i = 0; i < 8; i++)
    if (write(1, block, sizeof block) < 0) break;
  return held("written");
}

static int read_streams(void) {
  static const char *const streams[] = {"/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"};
  for (unsigned i = 0; i < COUNT_OF(streams); i++) {
    char block[64];
    int fd = open(streams[i], O_RDONLY | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : read(fd, block, sizeof block);
    if (got > 0) return broken("%zd bytes are in stream %u", got, i);
    close(fd);
  }
  return held("nothing was in them");
}

/* A stream with something in it. */
static int control(void) {
  int ends[2];
  if (pipe(ends) || dup2(ends[1], 2) < 0 || write(2, "old", 3) != 3) return could_not("no stream");
  return read_streams();
}

ATTACK(leftover_output, "files", "a stream has nothing of an earlier run in it", .earlier = earlier,
       .run = read_streams, .control = control);
