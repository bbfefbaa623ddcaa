/*
 * Promise: a call that the policy does not know does not exist.
 * Attack: what the policy does not know does not exist, also what a newer kernel has: the box must not
 * be the first to try a call that nobody has looked at. Named are those that kernels have, so that
 * outside something answers.
 * It would show as an answer other than ENOSYS.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  static const int unwanted[] = {
      SYS_inotify_init1,
      SYS_io_setup,
      SYS_io_destroy,
      SYS_clone3,
      SYS_landlock_create_ruleset,
      446 /* landlock_restrict_self */,
      450 /* set_mempolicy_home_node */,
      451 /* cachestat */,
      459 /* lsm_get_self_attr */,
      461 /* lsm_list_modules */,
      463 /* setxattrat */,
      465 /* listxattrat */,
      468 /* file_getattr */,
      469 /* file_setattr */,
  };
  unsigned answered = 0;
  int first = 0;
  for (unsigned i = 0; i < COUNT_OF(unwanted); i++) {
    if (syscall(unwanted[i], 0, 0, 0, 0, 0, 0) < 0 && errno == ENOSYS) continue;
    if (!answered++) first = unwanted[i];
  }
  for (int number = 470; number < 2000; number++) {
    if (syscall(number, 0, 0, 0, 0, 0, 0) < 0 && errno == ENOSYS) continue;
    if (!answered++) first = number;
  }
  return answered ? broken("%u calls exist, the first is %d", answered, first) : held("no such calls");
}

ATTACK(unknown_calls, "kernel", "a call that the policy does not know does not exist", .run = run);
