/*
 * Promise: System V objects end with their box, and the next one counts its ids from the start.
 * Attack: the box before makes segments, semaphores and queues, and removes none, or only some.
 * It would show as an object that is still there, or as an id that tells how many there were.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int earlier(void) {
  for (int i = 0; i < 8; i++) {
    int segment = shmget(IPC_PRIVATE, 4096, 0666), semaphores = semget(IPC_PRIVATE, 2, 0666), queue = msgget(IPC_PRIVATE, 0666);
    if (segment < 0 || semaphores < 0 || queue < 0) return could_not("object %d: %m", i);
    if (i % 2) continue;
    shmctl(segment, IPC_RMID, NULL);
    semctl(semaphores, 0, IPC_RMID);
    msgctl(queue, IPC_RMID, NULL);
  }
  return held("eight of each");
}

static int run(void) {
  struct shm_info shared;
  if (shmctl(0, SHM_INFO, (void *)&shared) < 0) return could_not("SHM_INFO: %m");
  if (shared.used_ids) return broken("%d segments were there", shared.used_ids);
  int ids[] = {shmget(IPC_PRIVATE, 4096, 0666), semget(IPC_PRIVATE, 1, 0666), msgget(IPC_PRIVATE, 0666)};
  return ids[0] || ids[1] || ids[2] ? broken("ids %d %d %d", ids[0], ids[1], ids[2]) : held("all ids are 0");
}

ATTACK(ids_sysv, "sharing", "System V ids tell nothing of the box before", .earlier = earlier, .run = run, .repeat = 3);
