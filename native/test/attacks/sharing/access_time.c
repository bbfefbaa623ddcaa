/*
 * Promise: nobody can tell from a file of the image when it was last read.
 * Attack: reads one whose access time is long ago, then looks at that time.
 * It would show as a time that has moved.
 */
#define _GNU_SOURCE
#include "attack.h"
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void before(struct scene *scene) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s/root/bin/attacks", world.images, world.image);
  if (scene->outside) snprintf(path, sizeof path, "%s/file", scene->directory);
  int file = open(path, O_RDONLY | O_CLOEXEC | (scene->outside ? O_CREAT : 0), 0644);
  if (file < 0 || futimens(file, (struct timespec[]){{0, 0}, {0, UTIME_OMIT}})) scene_could_not(scene, "%s: %m", path);
  if (scene->outside && truncate(path, 4096)) scene_could_not(scene, "%s: %m", path);
  close_fd(&file);
  scene_argument(scene, "%s", scene->outside ? path : "/bin/attacks");
}

static int run(void) {
  char byte;
  struct stat status;
  int file = open(argument(0), O_RDONLY);
  if (file < 0 || read(file, &byte, 1) != 1 || fstat(file, &status)) return could_not("%s: %m", argument(0));
  return status.st_atime ? broken("read at %ld", (long)status.st_atime) : held("the time is as before");
}

ATTACK(access_time, "sharing", "nobody sees when files of the image are read", .run = run, .before = before);
