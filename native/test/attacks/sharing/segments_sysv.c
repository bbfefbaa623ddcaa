/*
 * Promise: System V shared memory ends at the walls of the box.
 * Attack: looks for a neighbour's segment by its key, by its id, and in the kernel's table.
 * It would show as a segment that a box finds without having made one.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <string.h>
#include <sys/shm.h>

#define KEY 0x41535359

static int victim(void) {
  int id = shmget(KEY, 4096, IPC_CREAT | 0666);
  char *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
  if (memory == (void *)-1) return could_not("no segment: %m");
  strcpy(memory, "secret");
  ready();
}

static int run(void) {
  struct shmid_ds status;
  if (shmget(KEY, 0, 0) >= 0) return broken("the neighbour's key");
  for (int index = 0; index < 4096; index++)
    if (shmctl(index, SHM_STAT_ANY, &status) >= 0) return broken("entry %d of the table", index);
  for (int id = 0; id < 4096; id++)
    if (shmat(id, NULL, SHM_RDONLY) != (void *)-1) return broken("segment %d", id);
  return held("no segment");
}

ATTACK(segments_sysv, "sharing", "System V shared memory of another box can't be found", .run = run, .victim = victim);
