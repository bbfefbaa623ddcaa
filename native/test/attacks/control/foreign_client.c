/*
 * Promise: only the client's uid may ask for runs, whatever the rights of the socket's file are.
 * Attack: on the host, the user of another slot connects to this slot's socket, which everybody may write to now.
 * It would show as an answer. The control asks with the uid that may.
 */
#define _GNU_SOURCE
#include "attack.h"
#include "test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static noreturn void greet(const char *path, uid_t uid) {
  int client = setresuid(uid, uid, uid) ? -1 : client_connect(path, 10);
  _exit(client < 0 ? COULD_NOT : client_hello(client) ? BROKEN : HELD);
}

static void check(struct scene *scene) {
  char path[128];
  int status;
  snprintf(path, sizeof path, "%s/slot-%u.sock", world.run, scene->slot);
  chmod(path, 0666);
  pid_t pid = fork();
  if (pid == 0) greet(path, scene->outside ? 0 : scene->victim_uid);
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) status = COULD_NOT << 8;
  chmod(path, 0600);
  if (WEXITSTATUS(status) == BROKEN) scene_broken(scene, "a foreign client was greeted");
  if (WEXITSTATUS(status) == COULD_NOT) scene_could_not(scene, "no connection");
}

static int run(void) {
  return held("the attack comes from outside");
}

ATTACK(foreign_client, "control", "only the client's uid may use a slot", .run = run, .check = check, .alone = true,
       .weaker = "sandboxd's own user may always connect");
