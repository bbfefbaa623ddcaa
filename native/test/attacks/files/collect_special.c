/*
 * Promise: what is not a file is not collected as one.
 * Attack: sockets, a directory, and a character device that needs no power: the mark that a rename
 * leaves on an overlay. None of them is a file, whatever its name.
 * It would show as one of them collected as a file.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static const char *const names[] = {"socket", "directory", "device", NULL};

static int plant(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  struct stat status;
  bool planted = make_file("good", "good", 0644) &&
                 !bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address) &&
                 !mkdir("directory", 0755) && make_file("device", "x", 0644);
  if (!planted) return could_not("they can't be made: %s", strerrorname_np(errno));
  /* Not every kernel's tmpfs leaves one. */
  if (renameat2(AT_FDCWD, "device", AT_FDCWD, "moved", RENAME_WHITEOUT)) mkdir("device", 0755);
  return !lstat("device", &status) && !S_ISREG(status.st_mode) ? held("planted") : could_not("there is no device");
}

static int control(void) {
  int planted = plant();
  if (planted != HELD) return planted;
  for (unsigned i = 0; i < 3; i++)
    if (read_naively(names[i]) >= 0) return held("%s is read like a file", names[i]);
  return broken("the reader fails at each");
}

static void before(struct scene *scene) {
  collect(scene, names);
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  check_only_good(scene);
  if (!has_artifact(&scene->outcome)) scene_broken(scene, "nothing was kept: %s", scene->outcome.message);
}

ATTACK(collect_special, "files", "what is not a file is not collected as one", .run = plant, .control = control,
       .before = before, .check = check, .after = forget_kept);
