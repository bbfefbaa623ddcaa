/*
 * Promise: POSIX message queues end at the walls of the box.
 * Attack: opens the queue of a neighbour by its name, and takes its message.
 * It would show as a message.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>

static int victim(void) {
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
  mqd_t queue = mq_open("/assay-attack", O_CREAT | O_RDWR, 0666, &attributes);
  if (queue < 0 || mq_send(queue, "secret", 6, 0)) return could_not("no queue: %m");
  ready();
}

static int run(void) {
  char text[8];
  mqd_t queue = mq_open("/assay-attack", O_RDWR | O_NONBLOCK);
  return queue < 0 ? held("mq_open: %m") : attempt("reading the message", mq_receive(queue, text, sizeof text, NULL));
}

ATTACK(queues_posix, "sharing", "POSIX message queues of another box can't be opened", .run = run, .victim = victim);
