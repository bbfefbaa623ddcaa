/*
 * Promise: the limit of processes holds for those that have left their parent, session and group too.
 * Attack: makes daemons (two forks, setsid between them) as long as it can.
 * It would show as more daemons at once than the limit.
 */
#include "resources.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 10, ENOUGH = 3 * LIMIT };

static void become_daemon(struct shared *alive) {
  setsid();
  pid_t pid = fork();
  if (pid != 0) _exit(pid < 0);
  signal(SIGHUP, SIG_IGN);
  alive->count++;
  for (;;) pause();
}

static int run(void) {
  struct shared *alive = shared_counter();
  for (int status = 0; status == 0 && alive->most++ < ENOUGH;) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) become_daemon(alive);
    waitpid(pid, &status, 0);
  }
  sleep_ms(20);
  return alive->count >= LIMIT ? broken("%u daemons", alive->count) : held("%u daemons", alive->count);
}

ATTACK(daemon_bomb, "processes", "daemons count as processes of the box", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
