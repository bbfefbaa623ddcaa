/*
 * Promise: a box has its three streams open and nothing else.
 * Attack: a directory that was open when the program was started is a way to all that is above it.
 * It would show as a descriptor beyond the streams, or a directory.
 */
#define _GNU_SOURCE
#include "suite/host_files.h"

#include <fcntl.h>
#include <sys/stat.h>

static int run(void) {
  unsigned more = 0, directories = 0;
  for (int fd = 0; fd < 4096; fd++) {
    struct stat status;
    if (fcntl(fd, F_GETFD) < 0 || fstat(fd, &status)) continue;
    more += fd > 2;
    directories += S_ISDIR(status.st_mode);
  }
  if (more || directories) return broken("%u descriptors beyond the streams, %u directories", more, directories);
  return held("three streams");
}

/* What a careless parent hands down. */
static int control(void) {
  if (open("/", O_RDONLY | O_DIRECTORY) < 0) return could_not("/ can't be opened");
  return run();
}

ATTACK(inherited_descriptors, "files", "a box has its three streams open and nothing else", .run = run,
       .control = control);
