/*
 * Promise: a box can't read the judge's files.
 * Attack: the expected answers lie in a directory of the host that the judge can read, and the attack
 * knows where.
 * It would show as the answers.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run(void) {
  static const char *const prefixes[] = {
      "",          "/proc/self/root", "../../../..", "/proc/self/cwd/../..", "/proc/1/root", "/box", "/images",
      "/dev/fd/3", "/dev/fd/4",       "/dev/fd/5"};
  for (unsigned i = 0; i < COUNT_OF(prefixes); i++) {
    char path[400], text[64];
    snprintf(path, sizeof path, "%s%s", prefixes[i], argument(0));
    int fd = open(path, O_RDONLY);
    if (fd >= 0 && read(fd, text, sizeof text) > 0) return broken("the answers are read at %s", path);
  }
  return held("not by %zu ways", COUNT_OF(prefixes));
}

static void before(struct scene *scene) {
  char path[160];
  snprintf(path, sizeof path, "%s/answers", scene->directory);
  AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (write(fd, "42\n", 3) != 3) scene_could_not(scene, "%s can't be written", path);
  scene_argument(scene, "%s", path);
}

ATTACK(judge_files, "files", "a box can't read the judge's files", .run = run, .before = before);
