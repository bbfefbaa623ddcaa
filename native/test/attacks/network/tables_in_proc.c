/*
 * Promise: a box sees no network but an unused loopback.
 * Attack: /proc/self/net has the tables of the network namespace: interfaces, routes, connections, and
 * every unix socket by name. A box may find an interface lo, and nothing that it has not made itself.
 * It would show as a line that is too many, or a name.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <stdio.h>
#include <string.h>

/* Lines of a table after its head. */
static unsigned count_lines(const char *path, unsigned head, char *line, size_t size) {
  FILE *file = fopen(path, "re");
  unsigned count = 0;
  char text[512];
  while (file && fgets(text, sizeof text, file)) {
    if (count++ < head) continue;
    snprintf(line, size, "%.100s", text);
  }
  if (file) fclose(file);
  return count > head ? count - head : 0;
}

/* Named sockets: their name is the eighth word. */
static unsigned count_names(void) {
  FILE *file = fopen("/proc/self/net/unix", "re");
  unsigned count = 0;
  char text[512], name[200];
  while (file && fgets(text, sizeof text, file))
    count += sscanf(text, "%*s %*s %*s %*s %*s %*s %*s %199s", name) == 1 && strcmp(name, "Path") != 0;
  if (file) fclose(file);
  return count;
}

static int run(void) {
  static const struct {
    const char *path;
    unsigned head, most;
  } tables[] = {{"/proc/self/net/dev", 2, 1}, {"/proc/self/net/route", 1, 0}, {"/proc/self/net/arp", 1, 0},
                {"/proc/self/net/tcp", 1, 0}, {"/proc/self/net/udp", 1, 0},   {"/proc/self/net/packet", 1, 0}};
  char line[128] = "";
  for (unsigned i = 0; i < COUNT_OF(tables); i++) {
    unsigned lines = count_lines(tables[i].path, tables[i].head, line, sizeof line);
    if (lines > tables[i].most) return broken("%s has %u lines: %s", tables[i].path, lines, strtok(line, "\n"));
  }
  unsigned names = count_names();
  return names ? broken("%u sockets with names", names) : held("empty");
}

ATTACK(tables_in_proc, "network", "a box sees no network but an unused loopback", .run = run, .outside.same_net = true);
