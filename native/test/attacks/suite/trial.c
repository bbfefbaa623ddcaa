/* A trial in a box: the victim, what runs before, the attack, and what is left of them. */
#define _GNU_SOURCE
#include "suite.h"

#include <poll.h>
#include <unistd.h>

static bool has_answer(int client, int wait_ms) {
  struct pollfd fd = {.fd = client, .events = POLLIN};
  return poll(&fd, 1, wait_ms) > 0;
}

/* A connection with a victim that is ready, or -1. */
static int start_victim(struct scene *scene) {
  int client = slot_connect(scene->victim_slot, NULL);
  bool started = client >= 0 && client_start(client, &scene->victim_spec);
  while (started && !has_answer(client, 1))
    if (scene_victim_is_ready(scene)) return client;
  scene->victim = started ? client_outcome(client) : (struct outcome){0};
  scene_judge(scene, &scene->victim, true);
  if (scene_is_open(scene)) scene_could_not(scene, "the victim ended before it was ready");
  close_fd(&client);
  return -1;
}

static void end_victim(struct scene *scene, int client) {
  if (!has_answer(client, 0)) client_cancel(client, scene->victim_spec.id);
  scene->victim = client_outcome(client);
  close_fd(&client);
  if (scene_is_open(scene)) scene_judge(scene, &scene->victim, true);
}

static void run_earlier(struct scene *scene, int client) {
  struct outcome outcome = client_run(client, &scene->earlier_spec);
  if (outcome.type != FRAME_OUTCOME || (outcome.status == STATUS_EXITED && outcome.exit_code == COULD_NOT))
    scene_could_not(scene, "what runs before: %s%s", outcome.message, outcome.out ? outcome.out : "");
  outcome_free(&outcome);
}

static void run_attack(struct scene *scene) {
  AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
  const struct attack *attack = scene->attack;
  if (attack->earlier) run_earlier(scene, client);
  for (unsigned i = 0; scene_is_open(scene) && (i == 0 || i < attack->repeat); i++) {
    outcome_free(&scene->outcome);
    scene->outcome = client_run(client, &scene->spec);
    scene_judge(scene, &scene->outcome, false);
    unsigned left = scene_processes(scene);
    if (left > 0 && scene_is_open(scene)) scene_broken(scene, "%u processes are alive after the outcome", left);
  }
}

void trial_in_box(struct scene *scene) {
  int victim = -1;
  if (scene_is_open(scene) && scene->attack->victim) victim = start_victim(scene);
  if (scene_is_open(scene)) run_attack(scene);
  if (victim >= 0) end_victim(scene, victim);
  if (scene_is_open(scene) && scene->attack->check) scene->attack->check(scene);
}
