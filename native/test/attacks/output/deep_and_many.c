/*
 * Promise: a run's files are gone after it, however deep and many they are.
 * Attack: the run before fills every inode with a tree as deep as it can be; this one looks for it and does the same.
 * It would show as files that are there already.
 */
#include "attack.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INODES = 4000 };

static unsigned count_entries(const char *path) {
  DIR *all = opendir(path);
  unsigned count = 0;
  for (struct dirent *entry; all && (entry = readdir(all));) count += entry->d_name[0] != '.';
  if (all) closedir(all);
  return count;
}

static int dig(void) {
  static const char *const places[] = {"/w", "/tmp"};
  unsigned depth = 0;
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    if (chdir(places[i])) return could_not("%s: %m", places[i]);
    while (depth < 2 * INODES && !mkdir("deep", 0700) && !chdir("deep")) depth++;
  }
  return depth > INODES / 2 ? held("%u directories deep", depth) : could_not("only %u deep: %m", depth);
}

static int run(void) {
  unsigned left = count_entries("/w") + count_entries("/tmp");
  return left ? broken("%u entries are left", left) : dig();
}

ATTACK(deep_and_many, "output", "deep trees end with their run", .earlier = dig, .run = run, .repeat = 3,
       .limits = {.inodes = INODES});
