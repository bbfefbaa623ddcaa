/*
 * Promise: nothing of /proc can be written in a box.
 * Attack: opens every file of /proc/self and of its thread for writing.
 * It would show as a descriptor, but for those of its own open files and memory (fd/, mem is checked apart).
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *find_writable(const char *directory) {
  static char path[512];
  DIR *all = opendir(directory);
  for (struct dirent *entry; all && (entry = readdir(all));) {
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
    if (lstat(path, &status) || !S_ISREG(status.st_mode)) continue;
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_NOFOLLOW);
    if (fd < 0) continue;
    closedir(all);
    return path;
  }
  if (all) closedir(all);
  return NULL;
}

static int run(void) {
  static const char *const places[] = {"/proc", "/proc/self", "/proc/thread-self", "/proc/self/attr", "/proc/sys/kernel"};
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    const char *found = find_writable(places[i]);
    if (found) return broken("%s", found);
  }
  return held("nothing can be written");
}

ATTACK(write_proc, "processes", "nothing of /proc can be written", .run = run);
