/*
 * Promise: output of all processes of a box is one account.
 * Attack: many processes write to both streams at once, each less than a cap.
 * It would show as all of them having written their part.
 */
#include "resources.h"

#include <sys/wait.h>
#include <unistd.h>

enum { CAP = 40000, WRITERS = 12, PART = 30000 };

static int run(void) {
  for (unsigned i = 0; i < WRITERS; i++)
    if (fork() == 0) {
      for (unsigned k = 0; k < PART / 100; k++)
        if (write(1 + (int)(i % 2), "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", 100) < 0) _exit(1);
      _exit(0);
    }
  while (wait(NULL) > 0) continue;
  return broken("\n%u writers of %u bytes", WRITERS, PART);
}

ATTACK(crowd, "output", "output of all processes is one account", .run = run, .check = check_kept_output,
       .stdout_cap = CAP, .stderr_cap = CAP, .stop_on_output = true, .ends = STATUS(OUTPUT_LIMIT));
