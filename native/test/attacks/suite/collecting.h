/* For attacks on whoever takes files out of a box, or carries them to the next one. */
#pragma once

#include "attack.h"
#include "sandboxd.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What a careless collector does: bytes read, or -1. */
static inline ssize_t read_naively(const char *path) {
  char block[256];
  int fd = open(path, O_RDONLY);
  ssize_t got = fd < 0 ? -1 : read(fd, block, sizeof block);
  if (fd >= 0) close(fd);
  return got;
}

static inline bool make_file(const char *path, const char *content, mode_t mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
  bool made = fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content);
  if (fd >= 0) close(fd);
  return made;
}

/* Asks for these files, and for `good`, which has to come whatever lies beside it. */
static inline void collect(struct scene *scene, const char *const *names) {
  scene->spec.collect[0] = "good";
  for (unsigned i = 0; names[i]; i++) scene->spec.collect[i + 1] = names[i];
}

/* `good` has come, and nothing else. */
static inline void check_only_good(struct scene *scene) {
  const struct outcome *outcome = &scene->outcome;
  if (scene->outside) return;
  const struct collected_file *good = &outcome->collected[0];
  if (outcome->collected_count == 0 || good->state != COLLECT_OK || good->size != 4 || memcmp(good->data, "good", 4)) {
    scene_broken(scene, "a file beside it was not collected");
    return;
  }
  for (unsigned i = 1; i < outcome->collected_count; i++)
    if (outcome->collected[i].state == COLLECT_OK)
      scene_broken(scene, "%s was collected with %zu bytes", scene->spec.collect[i], outcome->collected[i].size);
}

static inline bool has_artifact(const struct outcome *outcome) {
  static const uint8_t none[sizeof outcome->artifact];
  return memcmp(outcome->artifact, none, sizeof none) != 0;
}

/* An artifact that a run of the attack has kept goes. */
static inline void forget_kept(struct scene *scene) {
  if (scene->outside || !has_artifact(&scene->outcome)) return;
  AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
  client_forget(client, scene->outcome.artifact);
}

/* One more run in the attack's slot. */
static inline struct outcome run_again(const struct scene *scene, const struct spec *spec) {
  AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
  return client_run(client, spec);
}

/* The attack's function with an argument, in a box that starts from what the first one left. Its answer
   counts. */
static inline void run_on_artifact(struct scene *scene, const char *argument) {
  if (scene->outside) return;
  if (!has_artifact(&scene->outcome)) {
    scene_broken(scene, "nothing was kept: %s", scene->outcome.message);
    return;
  }
  struct spec spec = scene->spec;
  spec.keep = false;
  spec.argv[3] = argument;
  memcpy(spec.base, scene->outcome.artifact, sizeof spec.base);
  struct outcome again = run_again(scene, &spec);
  if (again.type != FRAME_OUTCOME || again.status != STATUS_EXITED || again.exit_code != HELD)
    scene_broken(scene, "in the next box: %u %u %s %s", again.type, again.status, again.message,
                 again.out ? again.out : "");
  outcome_free(&again);
}
