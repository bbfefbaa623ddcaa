/*
 * Promise: a file's size is believed only up to the cap.
 * Attack: a file that claims 512 GiB and has no byte: who reads it by its size needs that much memory,
 * and a copy of it fills the disk.
 * It would show as a file or an artifact beyond the cap.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>

#define CLAIMED ((off_t)512 << 30)

static const char *const names[] = {"sparse", NULL};

static int plant(void) {
  int fd = open("sparse", O_RDWR | O_CREAT, 0644);
  bool planted = make_file("good", "good", 0644) && fd >= 0 && !ftruncate(fd, CLAIMED);
  return planted ? held("planted") : could_not("no such file can be made: %s", strerrorname_np(errno));
}

static int control(void) {
  struct stat status;
  int planted = plant();
  if (planted != HELD) return planted;
  bool claims = !stat("sparse", &status) && status.st_size == CLAIMED && status.st_blocks == 0;
  return claims ? broken("%lld bytes are to be read", (long long)status.st_size) : held("it is what it says");
}

static void before(struct scene *scene) {
  collect(scene, names);
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  check_only_good(scene);
  if (scene->outside) return;
  if (scene->outcome.collected[1].state != COLLECT_TOO_LARGE)
    scene_broken(scene, "it is not told that it was too large");
  if (has_artifact(&scene->outcome) || scene->outcome.artifact_bytes < CLAIMED)
    scene_broken(scene, "an artifact of %llu bytes", (unsigned long long)scene->outcome.artifact_bytes);
}

ATTACK(collect_sparse, "files", "a file's size is believed only up to the cap", .run = plant, .control = control,
       .before = before, .check = check, .after = forget_kept, .limits = {.file = (uint64_t)1 << 40});
