/*
 * Promise: of each stream a program has its own end, and the other one is sandboxd's.
 * Attack: opens its streams anew by their names in /proc, the other way around, also after changing their mode:
 * with the reading end of its output it takes away what was to be captured.
 * It would show as an end that opens.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int run(void) {
  static const char *const names[] = {"/proc/self/fd/1", "/proc/self/fd/2", "/dev/stdout", "/dev/stderr"};
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    if (open(names[i], O_RDONLY | O_NONBLOCK) >= 0) return broken("%s can be read", names[i]);
    if (open(names[i], O_RDWR | O_NONBLOCK) >= 0) return broken("%s can be read and written", names[i]);
    chmod(names[i], 0666);
    if (chown(names[i], getuid(), getgid()) == 0) return broken("%s has another owner", names[i]);
    if (open(names[i], O_RDONLY | O_NONBLOCK) >= 0) return broken("%s can be read after chmod", names[i]);
  }
  return held("%s", strerrorname_np(errno));
}

/* With a pipe that it has made itself. */
static int control(void) {
  int ends[2];
  return pipe(ends) || dup2(ends[1], 2) < 0 ? could_not("no pipe") : run();
}

ATTACK(other_ends, "streams", "a program has one end of its streams", .run = run, .control = control,
       .weaker = "without root, pipes belong to the user that boxes have too");
