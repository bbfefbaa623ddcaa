/*
 * Promise: POSIX shared memory ends at the walls of the box, though /dev/shm has one name everywhere.
 * Attack: opens a neighbour's memory by its name, and looks at everything in /dev/shm.
 * It would show as an entry that the box has not made.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int victim(void) {
  if (shm_open("/assay-attack", O_CREAT | O_RDWR, 0666) < 0) return could_not("no memory: %m");
  ready();
}

static int run(void) {
  if (shm_open("/assay-attack", O_RDONLY, 0) >= 0) return broken("the neighbour's memory");
  DIR *all = opendir("/dev/shm");
  for (struct dirent *entry; all && (entry = readdir(all));)
    if (entry->d_name[0] != '.') return broken("an entry: %s", entry->d_name);
  return held("nothing in /dev/shm");
}

ATTACK(memory_posix, "sharing", "POSIX shared memory of another box can't be opened", .run = run, .victim = victim);
