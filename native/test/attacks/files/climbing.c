/*
 * Promise: nothing is above a box's root.
 * Attack: up, and up again: from each mount, by descriptors, by a path, one step at a time.
 * It would show as a file of the host.
 */
#define _GNU_SOURCE
#include "suite/host_files.h"

#include <fcntl.h>
#include <sys/stat.h>

static int run(void) {
  static const char *const ways[] = {"/..",
                                     "/../../../../../../..",
                                     "../../../../../../../..",
                                     "/w/../..",
                                     "/tmp/../../..",
                                     "/proc/../..",
                                     "/proc/self/../../..",
                                     "/dev/../../..",
                                     "/dev/fd/../../../../..",
                                     "/dev/shm/../../..",
                                     "deep/deep/../../../../.."};
  mkdir("deep", 0755);
  mkdir("deep/deep", 0755);
  int deep = open("deep/deep", O_RDONLY | O_DIRECTORY);
  if (deep < 0) return could_not("no directory to start from");
  /* A directory that is moved while one is in it. */
  mkdir("other", 0755);
  if (fchdir(deep) || rename("/w/deep/deep", "/w/other/deep")) return could_not("it can't be moved");
  for (unsigned i = 0; i < 64; i++)
    if (chdir("..")) return could_not("it can't be climbed");
  const char *all[COUNT_OF(ways) + 1] = {"."};
  for (unsigned i = 0; i < COUNT_OF(ways); i++) all[i + 1] = ways[i];
  return look_below(all, COUNT_OF(all));
}

ATTACK(climbing, "files", "nothing is above a box's root", .run = run);
