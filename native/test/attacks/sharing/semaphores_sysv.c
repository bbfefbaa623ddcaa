/*
 * Promise: System V semaphores end at the walls of the box.
 * Attack: looks for a neighbour's semaphores by their key and in the kernel's table, to raise and to remove them.
 * It would show as semaphores that a box finds without having made any.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/sem.h>

#define KEY 0x41535345

static int victim(void) {
  if (semget(KEY, 1, IPC_CREAT | 0666) < 0) return could_not("no semaphores: %m");
  ready();
}

static int run(void) {
  struct semid_ds status;
  for (int index = 0; index < 4096; index++)
    if (semctl(index, 0, SEM_STAT_ANY, &status) >= 0) return broken("entry %d of the table", index);
  int id = semget(KEY, 1, 0);
  return id < 0 ? held("semget: %m") : broken("removed: %d", semctl(id, 0, IPC_RMID));
}

ATTACK(semaphores_sysv, "sharing", "System V semaphores of another box can't be found", .run = run, .victim = victim);
