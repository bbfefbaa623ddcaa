/*
 * Promise: a box can't hold up or notice others who open a file of the image.
 * Attack: takes a lease on it, which the kernel breaks with a signal when somebody opens the file.
 * It would show as a lease. The control does so as root, who may take leases on any file.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>

static int run(void) {
  int file = open("/proc/self/exe", O_RDONLY);
  return file < 0 ? could_not("no file: %m") : attempt("a lease", fcntl(file, F_SETLEASE, F_RDLCK));
}

ATTACK(lease_on_image, "sharing", "no leases on files of the image", .run = run, .outside = {.root = true});
