/*
 * Promise: an artifact can be kept and removed whatever rights its files have.
 * Attack: directories and files that nobody may read, in each other: they must be kept, given to the
 * next box as they were, and above all removed again from the host's disk.
 * It would show as a file that has not come along, or as an artifact that can not be removed.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>

static int plant(void) {
  bool planted = !mkdir("a", 0755) && !mkdir("a/b", 0755) && make_file("a/b/file", "good", 0644) &&
                 !chmod("a/b/file", 0) && !chmod("a/b", 0) && !chmod("a", 0) && make_file("good", "good", 0444);
  return planted ? held("planted") : could_not("it can't be planted: %s", strerrorname_np(errno));
}

static int look(void) {
  struct stat status;
  if (stat("a", &status) || (status.st_mode & 07777) != 0) return could_not("the directory is not as it was");
  if (chmod("a", 0700) || chmod("a/b", 0700) || chmod("a/b/file", 0600))
    return could_not("not all of it has come along");
  return read_naively("a/b/file") == 4 ? held("as it was") : could_not("the file is not as it was");
}

static int run(void) {
  return argument(0) ? look() : plant();
}

static int control(void) {
  int planted = plant();
  if (planted != HELD) return planted;
  return read_naively("a/b/file") < 0 ? broken("who copies it gets %s", strerrorname_np(errno))
                                      : held("it can be copied");
}

static void before(struct scene *scene) {
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  run_on_artifact(scene, "look");
  if (scene->outside) return;
  AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
  int gone = client_forget(client, scene->outcome.artifact);
  if (gone != 1) scene_broken(scene, "%d artifacts were removed", gone);
}

ATTACK(artifact_closed, "files", "an artifact can be kept and removed whatever rights its files have", .run = run,
       .control = control, .before = before, .check = check, .after = forget_kept);
