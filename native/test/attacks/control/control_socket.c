/*
 * Promise: a box can't reach the socket that runs are asked for through.
 * Attack: connects to it by its path, and by the directory that all sockets are in.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "attack.h"
#include "test.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static void put_path(struct sockaddr_un *address, const char *directory, unsigned slot) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  snprintf(address->sun_path, sizeof address->sun_path, "%.90s/slot-%u.sock", directory, slot);
}

/* Outside it is another socket of that name, which anybody may connect to. */
static void before(struct scene *scene) {
  scene_argument(scene, "%s", scene->outside ? scene->directory : world.run);
  if (!scene->outside) return;
  struct sockaddr_un address;
  put_path(&address, scene->directory, 0);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1) || chmod(address.sun_path, 0666))
    scene_could_not(scene, "no socket: %m");
  scene->own = (void *)(intptr_t)listener;
}

static void after(struct scene *scene) {
  int listener = (int)(intptr_t)scene->own;
  if (scene->outside) close_fd(&listener);
}

static int run(void) {
  for (unsigned slot = 0; slot < 64; slot++) {
    struct sockaddr_un address;
    put_path(&address, argument(0), slot);
    if (!connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address)) return broken("slot %u", slot);
  }
  return held("no socket there");
}

ATTACK(control_socket, "control", "the socket of a slot can't be reached from a box", .run = run, .before = before,
       .after = after, .limits = {.open_files = 128});
