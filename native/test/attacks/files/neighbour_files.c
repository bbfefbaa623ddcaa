/*
 * Promise: a box finds no file of its neighbour.
 * Attack: a neighbour has a file of which everybody could know the name. The whole tree that can be
 * reached is searched for it.
 * It would show as that name.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME "the-neighbours-answer"
#define ENTRIES 20000

static int victim(void) {
  static const char *const paths[] = {"/w/" NAME, "/tmp/" NAME, "/dev/shm/" NAME};
  for (unsigned i = 0; i < COUNT_OF(paths); i++) close(open(paths[i], O_WRONLY | O_CREAT, 0666));
  if (access(paths[0], R_OK)) return could_not("no file");
  ready();
}

/* Bounded, because the host that a control sees is large. */
static bool search(int directory, unsigned depth, unsigned *left) {
  DIR *all = fdopendir(directory);
  bool found = false;
  for (struct dirent *entry; all && !found && *left > 0 && (entry = readdir(all)); (*left)--) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    if (!strcmp(entry->d_name, NAME)) found = true;
    if (found || entry->d_type != DT_DIR || depth == 0) continue;
    int below = openat(dirfd(all), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (below >= 0) found = search(below, depth - 1, left);
  }
  if (all) closedir(all);
  return found;
}

static int run(void) {
  static const char *const starts[] = {"/w", "/tmp", "/dev/shm", "/proc/self/root", "/"};
  unsigned left = ENTRIES;
  for (unsigned i = 0; i < COUNT_OF(starts); i++) {
    int start = open(starts[i], O_RDONLY | O_DIRECTORY);
    if (start >= 0 && search(start, i < 3 ? 2 : 8, &left)) return broken("it is below %s", starts[i]);
  }
  return left ? held("%u entries, none of them", ENTRIES - left)
              : could_not("there is more to search than %d entries", ENTRIES);
}

ATTACK(neighbour_files, "files", "a box finds no file of its neighbour", .run = run, .victim = victim);
