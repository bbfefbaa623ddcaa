/*
 * Promise: a box learns no address of the kernel, which attacks on the kernel need.
 * Attack: reads everything that /proc has of itself, and its network's tables, and looks for one.
 * It would show as a number in the kernel's half of the address space; the page of old system calls, which
 * is at the same address everywhere, is none.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char found[300];
static unsigned looked;

static void look_at_text(const char *path, const char *text) {
  for (const char *at = text; *at && !found[0];) {
    size_t length = strspn(at, "0123456789abcdef");
    if (length == 16 && !strncmp(at, "ffff", 4) && strncmp(at, "ffffffffff", 10) != 0)
      snprintf(found, sizeof found, "%.250s: %.16s", path, at);
    at += length ? length : 1;
  }
}

static void look_at_file(int directory, const char *name, const char *path) {
  static char text[1 << 16];
  int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (got <= 0) return;
  text[got] = 0;
  looked++;
  look_at_text(path, text);
}

static void look_below(const char *path, unsigned depth) {
  DIR *all = opendir(path);
  for (struct dirent *entry; all && !found[0] && (entry = readdir(all));) {
    char below[256];
    if (entry->d_name[0] == '.') continue;
    snprintf(below, sizeof below, "%.150s/%.80s", path, entry->d_name);
    if (entry->d_type == DT_REG) look_at_file(dirfd(all), entry->d_name, below);
    if (entry->d_type == DT_DIR && depth > 0) look_below(below, depth - 1);
  }
  if (all) closedir(all);
}

static int run(void) {
  look_below("/proc/self", 2);
  if (!found[0]) look_at_file(AT_FDCWD, "/proc/kallsyms", "/proc/kallsyms");
  if (!found[0]) look_at_file(AT_FDCWD, "/proc/modules", "/proc/modules");
  return found[0] ? broken("%s", found)
         : looked ? held("%u files, no address", looked)
                  : could_not("nothing can be read");
}

/* Where the host hides them from root as well, one is written down here. */
static int control(void) {
  if (run() == BROKEN) return BROKEN;
  look_at_text("here", "at ffffffff81000000 in the kernel");
  return found[0] ? broken("%s", found) : held("it is not seen");
}

ATTACK(kernel_addresses, "kernel", "a box learns no address of the kernel", .run = run, .control = control,
       .outside.root = true);
