/*
 * Promise: files are collected when nobody can change them any more.
 * Attack: a process that outlives the program swaps a file with a link to the host's, as fast as it
 * can, while the file is being looked at and then read.
 * It would show as bytes that are not the box's own.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define ROUNDS 20

static void swap(void) {
  renameat2(AT_FDCWD, "swapped", AT_FDCWD, "other", RENAME_EXCHANGE);
}

/* Returns when the swapping has begun. */
static int plant(void) {
  volatile char *begun = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (!make_file("good", "good", 0644) || !make_file("swapped", "mine", 0644) || symlink("/etc/passwd", "other"))
    return could_not("it can't be planted: %s", strerrorname_np(errno));
  if (fork() == 0) {
    setsid();
    for (;;) {
      swap();
      *begun = 1;
    }
  }
  while (!*begun) usleep(100);
  return held("it swaps");
}

/* A reader that first looks and then opens, when the scheduler chooses the moment between both. */
static int control(void) {
  char target[64], block[5] = "";
  if (!make_file("swapped", "mine", 0644) || symlink("/etc/passwd", "other")) return could_not("it can't be planted");
  if (readlink("swapped", target, sizeof target) >= 0) return could_not("it is a link before it is swapped");
  swap();
  int fd = open("swapped", O_RDONLY);
  if (fd < 0 || read(fd, block, 4) != 4) return could_not("it can't be read");
  return strcmp(block, "mine") ? broken("the host's file was read") : held("the right file was read");
}

static void before(struct scene *scene) {
  scene->spec.collect[0] = "good";
  scene->spec.collect[1] = "swapped";
  scene->spec.keep = true;
}

static bool is_honest(const struct outcome *outcome) {
  const struct collected_file *file = &outcome->collected[1];
  if (outcome->status != STATUS_EXITED || outcome->collected_count != 2 || outcome->collected[0].state != COLLECT_OK)
    return false;
  if (file->state != COLLECT_OK) return file->state != COLLECT_MISSING && has_artifact(outcome);
  return file->size == 4 && !memcmp(file->data, "mine", 4) && has_artifact(outcome);
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  for (unsigned i = 0; i < ROUNDS; i++) {
    struct outcome outcome = run_again(scene, &scene->spec);
    if (!is_honest(&outcome))
      scene_broken(scene, "round %u: state %u, %zu bytes, %s", i, outcome.collected[1].state, outcome.collected[1].size,
                   outcome.message);
    AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
    client_forget(client, outcome.artifact);
    outcome_free(&outcome);
  }
}

ATTACK(collect_swap, "files", "files are collected when nobody can change them any more", .run = plant,
       .control = control, .before = before, .check = check, .after = forget_kept);
