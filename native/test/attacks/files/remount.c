/*
 * Promise: a box can't change its mounts.
 * Attack: the flags that make the image read-only can be taken away by who may remount.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/mount.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, mount(NULL, "/w", NULL, MS_REMOUNT, "size=1g"));
  TRY(all, mount(NULL, "/w", NULL, MS_REMOUNT | MS_BIND, NULL));
  TRY(all, mount(NULL, "/proc", NULL, MS_REMOUNT | MS_BIND, NULL));
  TRY(all, mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL));
  TRY(all, mount("/w", "/tmp", NULL, MS_BIND, NULL));
  TRY(all, mount("/tmp", "/w", NULL, MS_MOVE, NULL));
  return refused_all(&all);
}

EVIDENCE("mount=6")

ATTACK(remount, "files", "a box can't change its mounts", .run = run, .check = check, .outside.root = true);
