/*
 * Promise: a box can't change its image.
 * Attack: an image is shared by all boxes of all slots: one change of it reaches everybody's programs.
 * Every call that changes a directory or a file is tried on it.
 * It would show as a call that succeeds.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

static unsigned change_file(const char *file) {
  unsigned changed = 0;
  changed += open(file, O_WRONLY) >= 0;
  changed += open(file, O_RDWR) >= 0;
  changed += open(file, O_RDONLY | O_TRUNC) >= 0;
  changed += open(file, O_WRONLY | O_APPEND) >= 0;
  changed += !truncate(file, 1);
  changed += !chmod(file, 0777);
  changed += !chown(file, getuid(), getgid());
  changed += !utimensat(AT_FDCWD, file, NULL, 0);
  changed += !setxattr(file, "user.note", "x", 1, 0);
  changed += !setxattr(file, "system.posix_acl_access", "\2\0\0\0", 4, 0);
  changed += !removexattr(file, "security.capability");
  return changed;
}

static unsigned change_directory(void) {
  unsigned changed = 0;
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  changed += creat("new", 0644) >= 0;
  changed += open(".", O_TMPFILE | O_RDWR, 0600) >= 0;
  changed += !mkdir("directory", 0755);
  changed += !symlink("/w", "symlink");
  changed += !mkfifo("fifo", 0644);
  changed += !bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address);
  changed += !link("attacks", "hard");
  changed += !renameat2(AT_FDCWD, "attacks", AT_FDCWD, "moved", RENAME_NOREPLACE);
  changed += !renameat2(AT_FDCWD, "moved", AT_FDCWD, "attacks", RENAME_WHITEOUT);
  changed += !unlink("attacks");
  changed += !chmod(".", 0777);
  return changed;
}

static int change(const char *directory, const char *file) {
  unsigned changed = change_file(file);
  if (chdir(directory)) return could_not("no %s", directory);
  changed += change_directory();
  return changed ? broken("%u changes of %s", changed, directory) : held("%s stays", directory);
}

static int run(void) {
  int links = change("/", "/proc/self/exe");
  return links == HELD ? change("/bin", "/bin/attacks") : links;
}

static int control(void) {
  mkdir("bin", 0755);
  close(creat("bin/attacks", 0755));
  return change("bin", "bin/attacks");
}

ATTACK(image_changes, "files", "a box can't change its image", .run = run, .control = control);
