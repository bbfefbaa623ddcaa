/*
 * Promise: a box can't take a mount away to see what is below.
 * Attack: below /tmp, /w, /dev and /proc lies what was there before they were mounted.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/mount.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, umount2("/tmp", MNT_DETACH));
  TRY(all, umount2("/proc", MNT_DETACH));
  TRY(all, umount2("/w", MNT_DETACH | UMOUNT_NOFOLLOW));
  TRY(all, umount2("/dev", MNT_EXPIRE));
  TRY(all, umount("/"));
  return refused_all(&all);
}

EVIDENCE("umount2=5")

ATTACK(uncover, "files", "a box can't take a mount away to see what is below", .run = run, .check = check,
       .outside.root = true);
