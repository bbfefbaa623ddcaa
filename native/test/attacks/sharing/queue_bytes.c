/*
 * Promise: the next box may have as many message queues as its limit (RLIMIT_MSGQUEUE) says.
 * Attack: the box before leaves as large ones as it can make. They count for their user until the
 * kernel takes the IPC namespace apart, in its own time.
 * It would show as fewer queues than every box has that comes after none.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/resource.h>

/* Nine of the largest size fit into Linux's own limit. */
enum { LIMIT = 819200, USUAL = 9, MOST = 32 };

static int take(const char *kind) {
  struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = 8192};
  int made = 0;
  for (char name[32]; made < MOST; made++) {
    snprintf(name, sizeof name, "/%s-%d", kind, made);
    if (mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes) < 0) break;
  }
  return made;
}

static int earlier(void) {
  int made = take("earlier");
  return made >= USUAL ? held("%d queues", made) : could_not("only %d queues: %m", made);
}

static int run(void) {
  int made = take("run");
  return made < USUAL ? broken("only %d queues: %m", made) : held("%d queues", made);
}

/* A host may have no limit. */
static int control(void) {
  setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){LIMIT, LIMIT});
  return run();
}

ATTACK(queue_bytes, "sharing", "no message queues are counted for the next box", .earlier = earlier, .run = run,
       .control = control, .repeat = 10,
       .weaker = "without root all boxes have one uid");
