/*
 * Promise: an artifact carries no setuid bits and no attributes.
 * Attack: marks that give a program another user, or a directory's group to what is made in it, must
 * not travel: an artifact belongs to root while it is kept.
 * It would show as a mode bit or an attribute in the next box.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>
#include <sys/xattr.h>

static const char *const names[] = {"program", "directory", "directory/program"};

static int plant(void) {
  bool planted = make_file("program", "x", 0755) && !mkdir("directory", 0755) &&
                 make_file("directory/program", "x", 0755) && !chmod("program", 06755) &&
                 !chmod("directory/program", 04711) && !chmod("directory", 07777);
  for (unsigned i = 0; i < COUNT_OF(names); i++) setxattr(names[i], "user.mark", "x", 1, 0);
  return planted ? held("planted") : could_not("it can't be planted: %s", strerrorname_np(errno));
}

static int look(void) {
  unsigned marks = 0;
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    struct stat status;
    if (stat(names[i], &status)) return could_not("%s has not come along", names[i]);
    if (status.st_uid != getuid() || status.st_gid != getgid()) return broken("%s has another owner", names[i]);
    marks += (status.st_mode & 07000) != 0;
    marks += getxattr(names[i], "user.mark", NULL, 0) >= 0;
  }
  return marks ? broken("%u marks came along", marks) : held("plain modes");
}

static int run(void) {
  return argument(0) ? look() : plant();
}

static int control(void) {
  int planted = plant();
  return planted == HELD ? look() : planted;
}

static void before(struct scene *scene) {
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  run_on_artifact(scene, "look");
}

ATTACK(artifact_modes, "files", "an artifact carries no setuid bits and no attributes", .run = run, .control = control,
       .before = before, .check = check, .after = forget_kept);
