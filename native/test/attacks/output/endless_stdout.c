/*
 * Promise: a program that writes more than its cap is stopped when the run says so.
 * Attack: writes to stdout without end.
 * It would show as output of a thousand times the cap.
 */
#include "resources.h"

#include <unistd.h>

enum { CAP = 65536, ENOUGH = 1000 };

static int run(void) {
  static char block[CAP];
  for (unsigned i = 0; i < ENOUGH; i++)
    for (size_t done = 0; done < sizeof block;) {
      ssize_t put = write(1, block + done, sizeof block - done);
      if (put <= 0) return held("stdout: %m");
      done += (size_t)put;
    }
  return broken("\n%u blocks of %u bytes", ENOUGH, CAP);
}

ATTACK(endless_stdout, "output", "stdout beyond its cap stops the program", .run = run, .check = check_kept_output,
       .stdout_cap = CAP, .stop_on_output = true, .ends = STATUS(OUTPUT_LIMIT));
