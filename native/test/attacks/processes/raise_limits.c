/*
 * Promise: resource limits of a box can't be raised.
 * Attack: setrlimit and prlimit with more than the soft and than the hard limit.
 * It would show as a limit above what it was. Outside soft limits are below the hard ones and can be raised.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/resource.h>
#include <unistd.h>

static bool raise_limit(int kind, struct rlimit64 old, struct rlimit64 wanted) {
  struct rlimit64 new;
  prlimit64(0, kind, &wanted, NULL);
  setrlimit64((__rlimit_resource_t)kind, &wanted);
  return prlimit64(0, kind, NULL, &new) || new.rlim_cur > old.rlim_cur || new.rlim_max > old.rlim_max;
}

static int run(void) {
  static const int kinds[] = {RLIMIT_STACK, RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_CORE, RLIMIT_RTPRIO, RLIMIT_NICE};
  for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
    struct rlimit64 old;
    if (prlimit64(0, kinds[i], NULL, &old)) return could_not("limit %d can't be read", kinds[i]);
    if (old.rlim_cur == RLIM64_INFINITY) continue;
    rlim64_t above = old.rlim_max == RLIM64_INFINITY ? old.rlim_max : old.rlim_max + 1;
    struct rlimit64 soft = {old.rlim_cur + 1, old.rlim_max}, hard = {above, above};
    if (raise_limit(kinds[i], old, hard) || raise_limit(kinds[i], old, soft)) return broken("limit %d was raised", kinds[i]);
  }
  return held("all limits stay");
}

ATTACK(raise_limits, "processes", "resource limits can't be raised", .run = run);
