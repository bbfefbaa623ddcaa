/*
 * Promise: POSIX message queues of one run are gone before the next, and with them what they take of the limit
 * that all processes of a user share.
 * Attack: the run before makes queues until the kernel refuses and leaves them; this one wants as many.
 * It would show as a queue that is there already, or as one queue less.
 */
#include "resources.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>

/* The kernel's usual limit of 800 KiB is reached by ten of 80 KiB. */
enum { MESSAGES = 10, SIZE = 8192, FEWEST = 5 };

static unsigned make_queues(void) {
  static char message[SIZE];
  struct mq_attr attributes = {.mq_maxmsg = MESSAGES, .mq_msgsize = SIZE};
  unsigned made = 0;
  for (char name[16]; made < 40; made++) {
    snprintf(name, sizeof name, "/q%u", made);
    mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_WRONLY, 0600, &attributes);
    if (queue < 0) break;
    for (unsigned i = 0; i < MESSAGES; i++) mq_send(queue, message, sizeof message, 0);
  }
  return made;
}

static int earlier(void) {
  unsigned made = make_queues();
  return made >= FEWEST ? held("%u queues are left", made) : could_not("only %u queues: %m", made);
}

static int run(void) {
  unsigned made = make_queues();
  return made >= FEWEST ? held("%u queues again", made) : broken("only %u queues: %m", made);
}

ATTACK(message_queues_left, "memory", "POSIX queues end with their run", .earlier = earlier, .run = run, .repeat = 3);
