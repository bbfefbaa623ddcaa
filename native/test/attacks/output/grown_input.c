/*
 * Promise: the program's input is for reading.
 * Attack: opens its standard input anew for writing, grows it beyond the disk limit, and shrinks it.
 * It would show as an input of another size.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int run(void) {
  static char block[1 << 20];
  struct stat before, after;
  AUTO_CLOSE int again = open("/proc/self/fd/0", O_RDWR);
  const int fds[] = {0, again};
  if (fstat(0, &before) || before.st_size == 0) return could_not("the input has no size");
  for (unsigned i = 0; i < COUNT_OF(fds); i++) {
    for (unsigned k = 0; k < 16; k++)
      if (pwrite(fds[i], block, sizeof block, (off_t)k << 20) < 0) break;
    if (ftruncate(fds[i], 1) || ftruncate(fds[i], 1 << 20)) continue;
  }
  fstat(0, &after);
  return before.st_size == after.st_size ? held("the input stays") : broken("the input has %lld bytes", (long long)after.st_size);
}

static void before(struct scene *scene) {
  scene->spec.input = "the input";
  scene->spec.input_size = 9;
}

ATTACK(grown_input, "output", "the input can't be written", .run = run, .before = before);
