/*
 * Promise: a box can't chroot, so not escape by it.
 * Attack: the classic way out of a chroot: hold a directory outside of a new one, go there, and climb.
 * It would show as a chroot that succeeds, and then as the root seen from outside of it.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int run(void) {
  struct stat top, here;
  int outside = open(".", O_RDONLY | O_DIRECTORY);
  if (outside < 0 || stat("/", &top) || (mkdir("jail", 0755) && errno != EEXIST))
    return could_not("no directory to start from");
  if (chroot("jail")) return held("chroot: %s", strerrorname_np(errno));
  if (fchdir(outside)) return could_not("the directory is gone");
  for (unsigned i = 0; i < 64; i++)
    if (chdir("..")) return could_not("it can't be climbed");
  if (stat(".", &here)) return could_not("where it is can't be seen");
  return here.st_ino == top.st_ino && here.st_dev == top.st_dev ? broken("out of the jail")
                                                                : held("it ends in the jail");
}

static void check(struct scene *scene) {
  if (!scene->outside && strcmp(scene->outcome.refused, "chroot=1 "))
    scene_broken(scene, "refused: %s", scene->outcome.refused);
}

ATTACK(chroot_escape, "files", "a box can't chroot, so not escape by it", .run = run, .check = check,
       .outside.root = true);
