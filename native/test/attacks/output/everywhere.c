/*
 * Promise: only /w and /tmp (and /dev/shm, which is /tmp) can be written.
 * Attack: tries to make a file, a directory and a nameless file in every directory that it can find.
 * It would show as one that was made elsewhere.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Outside there are many directories. */
enum { MOST = 20000 };

static unsigned seen;
static char found[512];

static bool is_own(const char *path) {
  return !strncmp(path, "/w", 2) || !strncmp(path, "/tmp", 4);
}

static bool can_make(const char *path) {
  char name[600];
  AUTO_CLOSE int nameless = open(path, O_TMPFILE | O_WRONLY, 0600);
  if (nameless >= 0) return true;
  snprintf(name, sizeof name, "%s/attack", path);
  if (!mkdir(name, 0700)) return !rmdir(name);
  AUTO_CLOSE int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  return fd >= 0 && !unlink(name);
}

static int look(const char *path, const struct stat *status, int kind, struct FTW *where) {
  (void)status, (void)where;
  if (kind != FTW_D || is_own(path)) return 0;
  if (can_make(path)) snprintf(found, sizeof found, "%s", path);
  return found[0] || ++seen > MOST;
}

static int run(void) {
  /* Outside, /proc and /sys have no end worth waiting for. */
  static const char *const places[] = {"/dev", "/var", "/bin", "/"};
  for (unsigned i = 0; i < COUNT_OF(places) && !found[0]; i++) nftw(places[i], look, 16, FTW_PHYS);
  return found[0] ? broken("%s", found) : held("%u directories can't be written", seen);
}

ATTACK(everywhere, "output", "only /w and /tmp can be written", .run = run);
