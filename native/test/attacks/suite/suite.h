/* The driver: scenes, trials in a box and outside, and what a suite may leave behind. */
#pragma once

#include "../attack.h"
#include "test.h"

/* How many times longer everything may take than on a machine: ASSAY_SLOW, in an emulated one. */
uint64_t slowness(void);

/* Of the program in the box. */
void set_arguments(const char *const *all);

const struct attack *attack_of(const char *name);

/* Makes the scene's directory and runs `before`; the numbers of a worker keep scenes apart. */
void scene_open(struct scene *scene, const struct attack *attack, bool outside, unsigned worker);
/* Runs `after`, frees what the runs have left in the scene. */
void scene_close(struct scene *scene);
/* Nothing has decided the trial yet. */
bool scene_is_open(const struct scene *scene);
/* In its slot there is a process that has said ready(). */
bool scene_victim_is_ready(const struct scene *scene);
/* Takes what a run of the attack or of the victim says about the trial. */
void scene_judge(struct scene *scene, const struct outcome *outcome, bool of_victim);

/* The whole trial in an opened scene. */
void trial_in_box(struct scene *scene);
void trial_outside(struct scene *scene);

/* What must be after the attacks as it was before. */
struct traces {
  pid_t supervisors[64];
  unsigned slots, descriptors, mounts, slot_mounts, cgroups, files, zombies;
};

void traces_take(struct traces *traces);
/* False, and says what is not as before. */
bool traces_same(const struct traces *before);
/* After the end of sandboxd. */
bool traces_gone(const struct traces *before);
