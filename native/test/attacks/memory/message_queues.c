/*
 * Promise: messages in System V queues count, and semaphores do.
 * Attack: fills queue after queue that nobody reads, then makes large sets of semaphores.
 * It would show as more than the limit in them.
 */
#include "resources.h"

#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

enum { LIMIT = 6, ENOUGH = 3 * LIMIT };

static int run(void) {
  static struct {
    long type;
    char text[8192];
  } message = {.type = 1};
  size_t total = 0;
  while (total < ENOUGH * MIB) {
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (queue < 0) break;
    while (!msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT)) total += sizeof message.text;
  }
  /* A semaphore takes 64 bytes. */
  for (int set; total < ENOUGH * MIB && (set = semget(IPC_PRIVATE, 32000, IPC_CREAT | 0600)) >= 0;) total += 32000 * 64;
  return total >= ENOUGH * MIB ? broken("%zu MiB in queues and semaphores", total / MIB) : held("%zu MiB: %m", total / MIB);
}

ATTACK(message_queues, "memory", "System V messages and semaphores count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED),
       .weaker = "without cgroups memory of the kernel is not seen");
