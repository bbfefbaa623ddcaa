/*
 * Promise: the next box may lock as much memory as its limit (RLIMIT_MEMLOCK) says.
 * Attack: a daemon of the box before keeps a locked System V segment, which counts for its user until
 * the kernel takes the IPC namespace apart, in its own time.
 * It would show as a segment that can't be locked.
 */
#define _GNU_SOURCE
#include "hoard.h"

#include <sys/resource.h>
#include <sys/shm.h>

#define MOST ((size_t)8 * 1024 * 1024)

static int take(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_MEMLOCK, &limit);
  int id = shmget(IPC_PRIVATE, limit.rlim_cur < MOST ? limit.rlim_cur : MOST, 0666);
  return id < 0 ? id : shmctl(id, SHM_LOCK, NULL);
}

static int earlier(void) {
  return leave_daemon(take);
}

static int run(void) {
  return take() < 0 ? broken("locking: %m") : held("locked");
}

/* A host may have no limit. */
static int control(void) {
  setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){MOST, MOST});
  return run();
}

ATTACK(locked_memory, "sharing", "no locked memory is counted for the next box", .earlier = earlier, .run = run,
       .control = control, .repeat = 4);
