/*
 * Promise: a program that insists on refused calls is stopped.
 * Attack: each refused call makes the supervisor work. A crowd that does nothing else must not keep it
 * from its clocks and its client: it is stopped after a thousand. Outside nobody stops it.
 * It would show as a crowd that comes to its end.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS 3000

static int run(void) {
  for (int i = 0; i < 8; i++) {
    if (fork() != 0) continue;
    for (int k = 0; k < CALLS; k++) syscall(SYS_swapoff, NULL);
    _exit(0);
  }
  while (wait(NULL) > 0) continue;
  return broken("%d refused calls were made", 8 * CALLS);
}

static void check(struct scene *scene) {
  if (scene->outcome.refused_total < 1000) scene_broken(scene, "it was stopped after %u", scene->outcome.refused_total);
}

ATTACK(insisting_crowd, "kernel", "a program that insists on refused calls is stopped", .run = run, .check = check,
       .ends = STATUS(REFUSED_SYSCALL));
