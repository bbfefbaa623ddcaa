/*
 * Attacks with calls that the policy refuses: it answers EPERM before the kernel has heard of the call,
 * and the outcome counts it by name. The kernel itself gives the same call another answer, which the
 * control shows; where that needs power the control is root.
 */
#pragma once

#include "attack.h"

#include <errno.h>
#include <string.h>

/* Ends the attack's function, broken, unless this call is refused. */
#define MUST_REFUSE(call)                                                                                  \
  do {                                                                                                     \
    errno = 0;                                                                                             \
    long answer_ = (long)(call);                                                                           \
    if (answer_ < 0 && errno == EPERM) break;                                                              \
    return broken("%s answers %s", #call, answer_ < 0 ? strerrorname_np(errno) : "with success");         \
  } while (0)

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
