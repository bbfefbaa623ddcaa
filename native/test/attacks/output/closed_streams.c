/*
 * Promise: a program that closes or exchanges its standard streams changes nothing about its end and limits.
 * Attack: closes all three, opens files in their place, makes stdout non-blocking and small before, and goes on
 * after its limit.
 * It would show as a program that is there after its limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <unistd.h>

enum { WALL = 200 };

static int run(void) {
  int kept = dup(1);
  fcntl(1, F_SETFL, O_NONBLOCK | O_ASYNC);
  fcntl(1, F_SETPIPE_SZ, 4096);
  for (int fd = 0; fd <= 2; fd++) close(fd);
  for (int i = 0; i <= 2; i++)
    if (open("/w/stream", O_RDWR | O_CREAT, 0600) != i) return COULD_NOT;
  sleep_ms(patience_ms(WALL));
  dup2(kept, 1);
  return broken("still there after %u ms", patience_ms(WALL));
}

ATTACK(closed_streams, "output", "closed streams change no limit", .run = run, .limits = {.wall = WALL * MS}, .ends = STATUS(WALL_LIMIT));
