/*
 * Promise: nothing is written after the main program has ended.
 * Attack: an orphan keeps both streams open, waits for the end of the main program, and writes for ever.
 * It would show as its words in the output, or as a run that does not end before it.
 */
#include "resources.h"

#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void haunt(pid_t parent) {
  setsid();
  prctl(PR_SET_PDEATHSIG, 0);
  while (getppid() == parent) sleep_ms(1);
  /* The kernel ends a box some time after its main program, but not so late. */
  sleep_ms(300);
  for (;;)
    if (write(1, "late\n", 5) < 0) _exit(0);
}

static int run(void) {
  pid_t self = getpid();
  if (fork() == 0) haunt(self);
  return held("an orphan is left");
}

static void check(struct scene *scene) {
  unsigned left = scene_processes(scene);
  if (scene->outcome.out && strstr(scene->outcome.out, "late")) scene_broken(scene, "an orphan has written");
  else if (left) scene_broken(scene, "%u orphans may still write", left);
}

ATTACK(after_the_end, "output", "nothing is written after the end", .run = run, .check = check);
