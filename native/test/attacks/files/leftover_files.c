/*
 * Promise: no file of a run is there in the next.
 * Attack: what a run leaves in the places that it may write to must be gone when the next one comes.
 * It would show as an entry that this run has not made.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const places[] = {"/w", "/tmp", "/dev/shm", "/var/tmp"};

static int earlier(void) {
  unsigned left = 0;
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    if (chdir(places[i])) continue;
    left += creat("left", 0644) >= 0;
    left += !mkdir(".left", 0700) && creat(".left/hidden", 0600) >= 0;
  }
  return left ? held("%u left", left) : could_not("nothing can be left");
}

static int run(void) {
  unsigned found = 0;
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    DIR *all = opendir(places[i]);
    for (struct dirent *entry; all && (entry = readdir(all));)
      found += entry->d_name[0] != '.' || (entry->d_name[1] && entry->d_name[1] != '.');
    if (all) closedir(all);
  }
  return found ? broken("%u entries are there before anything was made", found) : held("empty");
}

ATTACK(leftover_files, "files", "no file of a run is there in the next", .earlier = earlier, .run = run);
