/*
 * Promise: a box can't watch which files of the image others use.
 * Attack: inotify on the directory of programs, of which one is started.
 * It would show as an event.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

static int run(void) {
  int watch = inotify_init1(IN_NONBLOCK);
  if (watch < 0) return held("inotify_init1: %m");
  if (inotify_add_watch(watch, "/proc/self/exe", IN_ALL_EVENTS) < 0) return held("inotify_add_watch: %m");
  close(open("/proc/self/exe", O_RDONLY));
  struct pollfd event = {.fd = watch, .events = POLLIN};
  return poll(&event, 1, 0) > 0 ? broken("an event") : held("no event");
}

ATTACK(watch_image, "sharing", "uses of the image can't be watched by inotify", .run = run);
