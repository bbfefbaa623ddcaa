/*
 * Promise: when memory runs out a box dies before anything else of the machine does.
 * Attack: writes its own oom_score_adj by every name that it has.
 * It would show as another value: outside anyone may raise it, and lower it again to where it was.
 */
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int score(void) {
  char text[16] = "";
  AUTO_CLOSE int fd = open("/proc/self/oom_score_adj", O_RDONLY);
  return read(fd, text, sizeof text - 1) > 0 ? atoi(text) : -2000;
}

static int run(void) {
  static const char *const names[] = {"/proc/self/oom_score_adj", "/proc/thread-self/oom_score_adj", "/proc/self/oom_adj",
                                      "/proc/2/oom_score_adj"};
  int before = score();
  if (before == -2000) return could_not("oom_score_adj can't be read");
  static const char *const values[] = {"-1000", "0", "999"};
  for (unsigned i = 0; i < COUNT_OF(names); i++)
    for (unsigned k = 0; k < COUNT_OF(values); k++) {
      AUTO_CLOSE int fd = open(names[i], O_WRONLY);
      if (fd >= 0 && write(fd, values[k], strlen(values[k])) > 0 && score() != before) return broken("%s: %d", names[i], score());
    }
  return held("it stays %d", before);
}

ATTACK(immune_to_oom, "processes", "a box is the first to die without memory", .run = run);
