/*
 * Attacks with calls that the policy refuses: it answers EPERM before the kernel has heard of the call,
 * and the outcome counts it by name. The kernel itself gives the same call another answer; the control,
 * which is root where that needs power, shows it for each of them.
 */
#pragma once

#include "attack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct refusals {
  unsigned calls, answered;
  char first[160]; /* what was not like the others: of the refused and of the answered */
};

static inline void take_answer(struct refusals *all, const char *call, long result) {
  bool answered = result >= 0 || errno != EPERM;
  const char *with = result >= 0 ? "success" : strerrorname_np(errno);
  if (answered != (all->answered > 0) || all->calls == 0) snprintf(all->first, sizeof all->first, "%s: %s", call, with);
  all->calls++;
  all->answered += answered;
}

#define TRY(all, call)                        \
  do {                                        \
    errno = 0;                                \
    take_answer(&(all), #call, (long)(call)); \
  } while (0)

/* Only all or nothing is an answer: one of both would be a call that this attack proves nothing about,
   or in a box one that came through. */
static inline int refused_all(const struct refusals *all) {
  if (all->answered == 0) return held("%u calls, each refused", all->calls);
  if (all->answered == all->calls) return broken("%u calls, each answered; %s", all->calls, all->first);
  return could_not("%u of %u calls were answered; %s", all->answered, all->calls, all->first);
}

/* Of the outcome of a box: all of these, as in "mount=1". */
static inline void check_counted(struct scene *scene, const char *const *expected) {
  if (scene->outside) return;
  for (; *expected; expected++) {
    char one[64], all[sizeof scene->outcome.refused + 1];
    snprintf(one, sizeof one, " %s ", *expected);
    snprintf(all, sizeof all, " %s", scene->outcome.refused);
    if (!strstr(all, one)) {
      scene_broken(scene, "%s is missing from the evidence: %s", *expected, scene->outcome.refused);
      return;
    }
  }
}

/* Defines `check` for the calls that an attack makes. */
#define EVIDENCE(...)                                               \
  static void check(struct scene *scene) {                          \
    check_counted(scene, (const char *const[]){__VA_ARGS__, NULL}); \
  }
