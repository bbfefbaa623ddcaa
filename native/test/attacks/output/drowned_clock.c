/*
 * Promise: an endless writer whose output is dropped can't keep its supervisor from the clock, or from memory.
 * Attack: several processes flood both streams, through pipes made as large as may be.
 * It would show as a flood that goes on after its limit, or as more output kept than the cap.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <unistd.h>

enum { WALL = 250, CAP = 1000 };

static int run(void) {
  static char block[1 << 20];
  for (int fd = 1; fd <= 2; fd++) fcntl(fd, F_SETPIPE_SZ, 1 << 20);
  uint64_t end = now_ns() + patience_ms(WALL) * MS;
  fork();
  pid_t pid = fork();
  while (now_ns() < end)
    if (write(pid ? 1 : 2, block, sizeof block) < 0) return held("%m");
  return broken("\nthe flood goes on after %u ms", patience_ms(WALL));
}

ATTACK(drowned_clock, "output", "a flood does not stop the clock", .run = run, .check = check_kept_output,
       .limits = {.wall = WALL * MS}, .stdout_cap = CAP, .stderr_cap = CAP, .ends = STATUS(WALL_LIMIT));
