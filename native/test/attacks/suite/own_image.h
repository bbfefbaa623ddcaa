/* For attacks that need an image with something in it that no recipe would put there. */
#pragma once

#include "attack.h"
#include "test.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static inline bool copy_program_to(const char *from, const char *to) {
  struct stat status;
  AUTO_CLOSE int source = open(from, O_RDONLY | O_CLOEXEC);
  AUTO_CLOSE int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
  return source >= 0 && target >= 0 && !fstat(source, &status) &&
         sendfile(target, source, NULL, (size_t)status.st_size) == status.st_size;
}

/* Lets who executes this file become any user. */
static inline bool empower(const char *path) {
  struct vfs_cap_data powers = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE};
  powers.data[0].permitted = 1u << CAP_SETUID;
  return !setxattr(path, "security.capability", &powers, sizeof powers, 0);
}

/* The attack's program as /bin/attacks and /bin/other of an image of this scene alone, which its run gets. */
static inline bool make_own_image(struct scene *scene, char other[300]) {
  static const char *const directories[] = {"",          "/root",      "/root/w",  "/root/tmp",
                                            "/root/dev", "/root/proc", "/root/bin"};
  char *name = malloc(65), path[300];
  snprintf(name, 65, "%064x", 0xb0000000u + scene->slot);
  scene->own = name;
  scene->spec.image = name;
  for (unsigned i = 0; i < COUNT_OF(directories); i++) {
    snprintf(path, sizeof path, "%s/%s%s", world.images, name, directories[i]);
    if (mkdir(path, 0755)) return false;
  }
  snprintf(path, sizeof path, "%s/%s/root/bin/attacks", world.images, name);
  snprintf(other, 300, "%s/%s/root/bin/other", world.images, name);
  return copy_program_to(world.inside, path) && copy_program_to(world.inside, other);
}

static inline void remove_own_image(struct scene *scene) {
  char path[300];
  if (!scene->own) return;
  snprintf(path, sizeof path, "%s/%s", world.images, (char *)scene->own);
  remove_tree(AT_FDCWD, path);
  free(scene->own);
}
