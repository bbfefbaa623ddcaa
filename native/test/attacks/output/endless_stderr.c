/*
 * Promise: stderr has a cap of its own, which stops the program too.
 * Attack: writes to stderr without end, by ways that a C library does not use.
 * It would show as output of a thousand times the cap.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/uio.h>
#include <unistd.h>

enum { CAP = 4096, ENOUGH = 1000 };

static int run(void) {
  static char block[CAP];
  struct iovec parts[4] = {{block, 1000}, {block, 1000}, {block, 1000}, {block, 1096}};
  for (unsigned i = 0; i < ENOUGH; i++)
    if (pwritev2(2, parts, 4, -1, 0) <= 0) return held("stderr: %m");
  return broken("%u blocks of %u bytes", ENOUGH, CAP);
}

ATTACK(endless_stderr, "output", "stderr beyond its cap stops the program", .run = run, .check = check_kept_output,
       .stderr_cap = CAP, .stop_on_output = true, .ends = STATUS(OUTPUT_LIMIT));
