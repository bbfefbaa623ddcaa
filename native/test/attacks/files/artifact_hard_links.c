/*
 * Promise: an artifact is as large as its copy, not as its original.
 * Attack: a hundred names of one file of 1 MiB: in the box they are 1 MiB, as copies on the host's disk
 * a hundred.
 * It would show as an artifact beyond the cap.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <stdio.h>
#include <sys/stat.h>

#define NAMES 100
#define SIZE (1 << 20)
#define CAP (16 * MIB)

static int plant(void) {
  int fd = open("file", O_RDWR | O_CREAT, 0644);
  if (fd < 0 || fallocate(fd, 0, 0, SIZE)) return could_not("no file");
  for (unsigned i = 1; i < NAMES; i++) {
    char name[16];
    snprintf(name, sizeof name, "name%u", i);
    if (link("file", name)) return could_not("no link");
  }
  return held("planted");
}

/* What is in use, and what a copy by names takes. */
static int control(void) {
  struct stat status;
  int planted = plant();
  if (planted != HELD) return planted;
  bool grows = !stat("file", &status) && status.st_nlink == NAMES && (uint64_t)status.st_blocks * 512 < CAP &&
               (uint64_t)status.st_size * NAMES > CAP;
  return grows ? broken("a copy takes %lld bytes", (long long)status.st_size * NAMES) : held("a copy is as large");
}

static void before(struct scene *scene) {
  scene->spec.keep = true;
  scene->spec.keep_cap = CAP;
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  if (has_artifact(&scene->outcome))
    scene_broken(scene, "it was kept, with %llu bytes", (unsigned long long)scene->outcome.artifact_bytes);
  if (scene->outcome.artifact_bytes <= CAP)
    scene_broken(scene, "it is told to be small: %llu bytes", (unsigned long long)scene->outcome.artifact_bytes);
}

ATTACK(artifact_hard_links, "files", "an artifact is as large as its copy, not as its original", .run = plant,
       .control = control, .before = before, .check = check, .after = forget_kept, .limits = {.file = 16 * MIB});
