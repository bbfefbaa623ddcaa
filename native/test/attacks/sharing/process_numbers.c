/*
 * Promise: every box counts its processes anew.
 * Attack: compares the number of its own process with that in every other box, after a box before has used many.
 * It would show as a number that is not the first.
 */
#include "attack.h"

#include <sys/wait.h>
#include <unistd.h>

static int earlier(void) {
  for (int i = 0; i < 100; i++) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid < 0 || waitpid(pid, NULL, 0) != pid) return could_not("fork: %m");
  }
  return held("a hundred");
}

static int run(void) {
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  return getpid() == 2 && pid == 3 ? held("2 and 3") : broken("%d and %d", getpid(), pid);
}

ATTACK(process_numbers, "sharing", "process numbers tell nothing of other boxes", .earlier = earlier, .run = run, .repeat = 3);
