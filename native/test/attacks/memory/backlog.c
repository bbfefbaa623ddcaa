/*
 * Promise: connections count that wait to be accepted and have nobody at their other end.
 * Attack: listeners with the longest queues, filled by clients that close at once.
 * It would show as more than the limit in them.
 */
#include "resources.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A waiting connection takes more than a KiB. */
enum { LIMIT = 12, ENOUGH = 3 * LIMIT * 1024, QUEUE = 4096 };

static unsigned fill(unsigned number) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "backlog-%u", number);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, QUEUE)) return 0;
  for (unsigned i = 0; i < QUEUE; i++) {
    AUTO_CLOSE int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof address)) return i;
  }
  return QUEUE;
}

static int run(void) {
  unsigned total = 0, more = 1;
  for (unsigned i = 0; total < ENOUGH && more; i++) total += more = fill(i);
  return total >= ENOUGH ? broken("%u connections wait", total) : held("%u connections wait: %m", total);
}

ATTACK(backlog, "memory", "connections nobody accepts count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .open_files = 1024}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED),
       .weaker = "without cgroups memory of the kernel is not seen");
