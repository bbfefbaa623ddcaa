/*
 * Promise: the cap is of bytes, not of speed.
 * Attack: one byte at a time with pauses, on both streams in turn.
 * It would show as a drip far beyond the cap.
 */
#include "resources.h"

#include <unistd.h>

enum { CAP = 20, ENOUGH = 300 };

static int run(void) {
  for (unsigned i = 0; i < ENOUGH; i++) {
    if (write(1 + (int)(i % 2), "x", 1) != 1) return held("byte %u: %m", i);
    sleep_ms(1);
  }
  return broken("\n%u bytes", ENOUGH);
}

ATTACK(drip, "output", "slow output meets its cap", .run = run, .check = check_kept_output,
       .stdout_cap = CAP, .stderr_cap = CAP, .stop_on_output = true, .ends = STATUS(OUTPUT_LIMIT));
