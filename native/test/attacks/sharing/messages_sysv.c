/*
 * Promise: System V message queues end at the walls of the box.
 * Attack: takes the message that a neighbour has put into its queue.
 * It would show as a message, or as a queue in the kernel's table.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/msg.h>

#define KEY 0x4153534d

struct letter {
  long kind;
  char text[8];
};

static int victim(void) {
  struct letter letter = {1, "secret"};
  int id = msgget(KEY, IPC_CREAT | 0666);
  if (id < 0 || msgsnd(id, &letter, sizeof letter.text, 0)) return could_not("no message: %m");
  ready();
}

static int run(void) {
  struct msqid_ds status;
  struct letter letter;
  for (int index = 0; index < 4096; index++)
    if (msgctl(index, MSG_STAT_ANY, &status) >= 0) return broken("entry %d of the table", index);
  int id = msgget(KEY, 0);
  if (id < 0) return held("msgget: %m");
  return attempt("reading the message", msgrcv(id, &letter, sizeof letter.text, 0, IPC_NOWAIT));
}

ATTACK(messages_sysv, "sharing", "System V messages of another box can't be read", .run = run, .victim = victim);
