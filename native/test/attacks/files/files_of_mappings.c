/*
 * Promise: a mapping is no way to its file.
 * Attack: /proc/self/map_files opens what is mapped anew, past the way by which it was reached: with
 * other rights, on other mounts, also when it was deleted.
 * It would show as a mapping that opens.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int run(void) {
  DIR *all = opendir("/proc/self/map_files");
  unsigned opened = 0, listed = 0;
  if (!all) return held("no list: %s", strerrorname_np(errno));
  for (struct dirent *entry; (entry = readdir(all));) {
    if (entry->d_name[0] == '.') continue;
    listed++;
    int fd = openat(dirfd(all), entry->d_name, O_RDONLY);
    opened += fd >= 0;
    if (fd >= 0) close(fd);
  }
  closedir(all);
  if (!listed) return could_not("no mappings are listed");
  return opened ? broken("%u of %u mappings lead to their files", opened, listed)
                : held("%u mappings, none leads to its file", listed);
}

ATTACK(files_of_mappings, "files", "a mapping is no way to its file", .run = run, .outside.root = true);
