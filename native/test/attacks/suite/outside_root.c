/* The file system of a control: that of the host, with fresh /w, /tmp, /var/tmp, /dev/shm and /proc. */
#define _GNU_SOURCE
#include "outside.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must(int result, const char *what) {
  if (result < 0) fail(1, "the control's %s: %m", what);
}

static void take_over(const char *name) {
  char from[300], target[300];
  struct stat status;
  snprintf(from, sizeof from, "/%s", name);
  must(lstat(from, &status), from);
  if (S_ISDIR(status.st_mode)) {
    must(mkdir(name, 0755), from);
    must(mount(from, name, NULL, MS_BIND | MS_REC, NULL), from);
  } else if (S_ISLNK(status.st_mode)) {
    ssize_t length = readlink(from, target, sizeof target - 1);
    must((int)length, from);
    target[length] = 0;
    must(symlink(target, name), from);
  }
}

static void take_over_host(void) {
  static const char *const own[] = {".", "..", "w", "tmp", "proc", "attacks"};
  DIR *all = opendir("/");
  for (struct dirent *entry; (entry = readdir(all));) {
    bool taken = true;
    for (unsigned i = 0; i < COUNT_OF(own); i++) taken &= strcmp(entry->d_name, own[i]) != 0;
    if (taken) take_over(entry->d_name);
  }
  closedir(all);
}

/* The scene's directory stays where it was, though the rest of /tmp is not there. */
static void keep_directory(const char *directory) {
  char path[128];
  snprintf(path, sizeof path, "%s", directory + 1);
  for (char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
    *at = 0;
    mkdir(path, 0755);
    *at = '/';
  }
  must(mkdir(path, 0755), directory);
  must(mount(directory, path, NULL, MS_BIND, NULL), directory);
}

static void mount_own(const char *path, mode_t mode) {
  char options[64];
  struct stat status;
  if (stat(path, &status)) must(mkdir(path, 0755), path);
  snprintf(options, sizeof options, "size=1g,mode=%o", mode);
  must(mount("control", path, "tmpfs", MS_NOSUID | MS_NODEV, options), path);
}

void outside_root(const struct scene *scene, const char *program) {
  char root[128];
  const struct outside *walls = &scene->attack->outside;
  snprintf(root, sizeof root, "%s/outside", scene->directory);
  AUTO_CLOSE int fd = open(program, O_PATH | O_CLOEXEC);
  must(fd, program);
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mounts");
  must(mkdir(root, 0755), root);
  must(mount("control", root, "tmpfs", 0, "size=64m,mode=755"), root);
  must(chdir(root), root);
  take_over_host();
  mount_own("tmp", 01777);
  keep_directory(scene->directory);
  mount_own("var/tmp", 01777);
  mount_own("dev/shm", 01777);
  mount_own("w", 0755);
  must(chown("w", scene->uid, scene->uid), "/w");
  must(mkdir("proc", 0755), "/proc");
  if (walls->same_pids) must(mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL), "/proc");
  else must(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV, NULL), "/proc");
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  AUTO_CLOSE int target = open("attacks", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  must(mount(path, "attacks", NULL, MS_BIND, NULL), "program");
  must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
  must(umount2(".", MNT_DETACH), "old root");
  must(chdir("/w"), "/w");
}
