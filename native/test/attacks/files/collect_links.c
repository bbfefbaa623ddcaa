/*
 * Promise: a link is not followed when files are collected.
 * Attack: links where files are expected: whoever follows one with more rights than the box reads the
 * host's files for it, or its own descriptors.
 * It would show as a link that is collected as a file.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <sys/stat.h>

static const char *const names[] = {"absolute", "relative", "root/etc/passwd", "beside", "here/good", "descriptor",
                                    "loop",     NULL};

static int plant(void) {
  bool planted = make_file("good", "good", 0644) && !symlink("/etc/passwd", "absolute") &&
                 !symlink("../../../../../../../../etc/passwd", "relative") && !symlink("/", "root") &&
                 !symlink("good", "beside") && !symlink(".", "here") && !symlink("/proc/self/fd/0", "descriptor") &&
                 !symlink("loop", "loop");
  return planted ? held("planted") : could_not("a link can't be made: %s", strerrorname_np(errno));
}

static int control(void) {
  int planted = plant();
  if (planted != HELD) return planted;
  for (unsigned i = 0; i < 5; i++)
    if (read_naively(names[i]) <= 0) return held("%s leads nowhere", names[i]);
  return broken("the links are followed");
}

static void before(struct scene *scene) {
  collect(scene, names);
}

ATTACK(collect_links, "files", "a link is not followed when files are collected", .run = plant, .control = control,
       .before = before, .check = check_only_good);
