/*
 * Promise: an artifact has files and directories, nothing else.
 * Attack: a compile step's directory is carried to the boxes of every test: a link in it would be
 * followed there, a pipe waited for, and both by the judge's own files that are laid over it.
 * It would show as a link or a pipe in the next box.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <dirent.h>
#include <sys/stat.h>

static int plant(void) {
  bool planted = make_file("good", "good", 0644) && !mkdir("sub", 0755) && !symlink("/etc", "sub/etc") &&
                 !symlink("good", "link") && !symlink("/proc/self/root", "root") && !mkfifo("fifo", 0666) &&
                 !mkfifo("sub/fifo", 0666);
  return planted ? held("planted") : could_not("it can't be planted: %s", strerrorname_np(errno));
}

static unsigned count_special(const char *directory) {
  DIR *all = opendir(directory);
  unsigned count = 0;
  for (struct dirent *entry; all && (entry = readdir(all));) {
    struct stat status;
    if (!fstatat(dirfd(all), entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
      count += !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  }
  if (all) closedir(all);
  return count;
}

static int look(void) {
  unsigned special = count_special(".") + count_special("sub");
  if (access("good", R_OK) || access("sub", X_OK)) return could_not("what is good has not come along");
  return special ? broken("%u links and pipes came along", special) : held("files and directories");
}

static int run(void) {
  return argument(0) ? look() : plant();
}

static int control(void) {
  int planted = plant();
  return planted == HELD ? look() : planted;
}

static void before(struct scene *scene) {
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  if (!scene->outside && scene->outcome.artifact_skipped != 5)
    scene_broken(scene, "%u were left out", scene->outcome.artifact_skipped);
  run_on_artifact(scene, "look");
}

ATTACK(artifact_links, "files", "an artifact has files and directories, nothing else", .run = run, .control = control,
       .before = before, .check = check, .after = forget_kept);
