/*
 * Promise: files are collected whatever rights they have.
 * Attack: a program that takes away everybody's rights to its files, and to the directory itself, hides
 * its traces from a collector without power.
 * It would show as a file that is not collected.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>

static int plant(void) {
  bool planted = make_file("good", "good", 0) && !chmod("good", 0) && !chmod(".", 0);
  return planted ? held("closed") : could_not("it can't be closed: %s", strerrorname_np(errno));
}

static int control(void) {
  int planted = plant();
  if (planted != HELD) return planted;
  return read_naively("good") < 0 ? broken("a reader of the same user gets %s", strerrorname_np(errno))
                                  : held("it can be read");
}

static void before(struct scene *scene) {
  collect(scene, (const char *const[]){"missing", NULL});
}

ATTACK(collect_closed, "files", "files are collected whatever rights they have", .run = plant, .control = control,
       .before = before, .check = check_only_good);
