/*
 * Promise: POSIX message queues end with their box.
 * Attack: the box before leaves one with a message in it.
 * It would show as a queue that can be opened by its name.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>

static int earlier(void) {
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
  mqd_t queue = mq_open("/assay-left", O_CREAT | O_RDWR, 0666, &attributes);
  return queue < 0 || mq_send(queue, "left", 4, 0) ? could_not("no queue: %m") : held("left");
}

static int run(void) {
  return attempt("opening what was left", mq_open("/assay-left", O_RDONLY));
}

ATTACK(queue_leftover, "sharing", "no message queue outlives its box", .earlier = earlier, .run = run);
