/*
 * Promise: a box can't watch which files of the image others use.
 * Attack: asks for a signal (F_NOTIFY) when something in a directory is opened or read.
 * It would show as a signal.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t signals;

static void count(int signal) {
  signals += signal > 0;
}

/* In the box the image's directory of programs, outside one that the control may read. */
static int run(void) {
  const char *paths[] = {"/bin", "/bin/attacks", "/etc", "/etc/passwd"};
  unsigned first = access(paths[1], F_OK) ? 2 : 0;
  int directory = open(paths[first], O_RDONLY | O_DIRECTORY);
  signal(SIGIO, count);
  if (fcntl(directory, F_NOTIFY, DN_ACCESS | DN_MULTISHOT)) return held("F_NOTIFY: %m");
  char byte;
  int file = open(paths[first + 1], O_RDONLY);
  if (read(file, &byte, 1) != 1) return could_not("%s can't be read: %m", paths[first + 1]);
  return signals ? broken("%d signals", signals) : held("no signal");
}

static void check(struct scene *scene) {
  if (!scene->outside && strcmp(scene->outcome.refused, "fcntl=1 "))
    scene_broken(scene, "refused calls: %s", scene->outcome.refused);
}

ATTACK(signal_on_use, "sharing", "uses of the image can't be watched by F_NOTIFY", .run = run, .check = check);
