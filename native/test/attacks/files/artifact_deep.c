/*
 * Promise: the depth of a tree is cut, and told.
 * Attack: a tree so deep that no path reaches its end: who walks it by recursion or by paths falls.
 * It would show as an artifact that is not kept, or that does not tell what was left out.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>

#define DEPTH 3000

static int plant(void) {
  if (!make_file("good", "good", 0644)) return could_not("no file");
  for (unsigned i = 0; i < DEPTH; i++)
    if (mkdir("d", 0755) || chdir("d")) return could_not("it ends at %u: %s", i, strerrorname_np(errno));
  return held("%d deep", DEPTH);
}

static int control(void) {
  char path[4096];
  int planted = plant();
  if (planted != HELD) return planted;
  /* The kernel itself has no path for it. */
  return getcwd(path, sizeof path) ? held("a path reaches it")
                                   : broken("no path reaches it: %s", strerrorname_np(errno));
}

static void before(struct scene *scene) {
  collect(scene, (const char *const[]){"missing", NULL});
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  check_only_good(scene);
  if (scene->outside) return;
  if (!has_artifact(&scene->outcome) || scene->outcome.artifact_skipped == 0 || scene->outcome.artifact_entries > 100)
    scene_broken(scene, "%u entries were kept, %u left out", scene->outcome.artifact_entries,
                 scene->outcome.artifact_skipped);
}

ATTACK(artifact_deep, "files", "the depth of a tree is cut, and told", .run = plant, .control = control,
       .before = before, .check = check, .after = forget_kept, .limits = {.inodes = DEPTH + 100});
