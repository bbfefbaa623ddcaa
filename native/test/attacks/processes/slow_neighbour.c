/*
 * Promise: a box can't lower the priority of a neighbour's processes.
 * Attack: the lowest priority for all processes of every user, group and process that it can name.
 * It would show as a neighbour that sees its own priority change.
 */
#include "resources.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void before(struct scene *scene) {
  scene_argument(scene, "%u", scene->victim_uid);
}

static int run(void) {
  setpriority(PRIO_USER, (id_t)atoi(argument(0)), 19);
  for (int id = 2; id < 33000; id++) {
    setpriority(PRIO_PROCESS, (id_t)id, 19);
    setpriority(PRIO_PGRP, (id_t)id, 19);
  }
  sleep_ms(30);
  return held("the neighbour has seen nothing");
}

static int victim(void) {
  prctl(PR_SET_NAME, "ready");
  while (getpriority(PRIO_PROCESS, 0) == 0) sleep_ms(2);
  return broken("priority %d", getpriority(PRIO_PROCESS, 0));
}

ATTACK(slow_neighbour, "processes", "priorities of neighbours can't be changed", .run = run, .victim = victim, .before = before,
       .weaker = "without root all slots have one user");
