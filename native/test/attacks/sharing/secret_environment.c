/*
 * Promise: environment and arguments of a program are seen in its own box only.
 * Attack: reads both of every process that /proc shows, while a neighbour has a secret in them.
 * It would show as the secret.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void before(struct scene *scene) {
  scene->victim_spec.env[2] = "SECRET=of-the-neighbour";
}

static int victim(void) {
  ready();
}

static bool has_secret(const char *pid, const char *file) {
  char path[300], text[4096];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
  int fd = open(path, O_RDONLY);
  ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text);
  close(fd);
  return size > 0 && (memmem(text, (size_t)size, "of-the-neighbour", 16) || memmem(text, (size_t)size, "\0victim", 7));
}

static int run(void) {
  DIR *all = opendir("/proc");
  if (!all) return could_not("no /proc: %m");
  for (struct dirent *entry; (entry = readdir(all));)
    if (has_secret(entry->d_name, "environ") || has_secret(entry->d_name, "cmdline"))
      return broken("process %s", entry->d_name);
  return held("nobody's");
}

ATTACK(secret_environment, "sharing", "environment and arguments stay in their box", .run = run, .victim = victim,
       .before = before);
