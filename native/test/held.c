#define _GNU_SOURCE
#include "held.h"

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#define PROCESSES_MAX 4096

struct process {
  pid_t pid, parent;
  bool zombie, ours;
};

static unsigned list_processes(struct process *all) {
  DIR *entries = opendir("/proc");
  unsigned count = 0;
  for (struct dirent *entry; entries && count < PROCESSES_MAX && (entry = readdir(entries));) {
    char path[32], text[1024], state, *end;
    pid_t pid = atoi(entry->d_name), parent;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (pid <= 0 || read_text(AT_FDCWD, path, text, sizeof text)) continue;
    /* A name in parentheses may hold anything, so the last one counts. */
    end = strrchr(text, ')');
    if (!end || sscanf(end + 1, " %c %d", &state, &parent) != 2) continue;
    all[count++] = (struct process){pid, parent, state == 'Z', pid == world.daemon};
  }
  if (entries) closedir(entries);
  return count;
}

static void mark_descendants(struct process *all, unsigned count) {
  for (bool more = true; more;) {
    more = false;
    for (unsigned i = 0; i < count; i++)
      for (unsigned k = 0; k < count && !all[i].ours; k++)
        if (all[k].ours && all[k].pid == all[i].parent) all[i].ours = more = true;
  }
}

static unsigned long sum_of(const char *text, const char *const *keys) {
  unsigned long sum = 0;
  for (; *keys; keys++) {
    const char *line = strstr(text, *keys);
    if (line) sum += strtoul(line + strlen(*keys), NULL, 10);
  }
  return sum;
}

static void add_process(struct held *held, pid_t pid) {
  static char text[256 * 1024];
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *entries = opendir(path);
  for (struct dirent *entry; entries && (entry = readdir(entries));) held->descriptors += entry->d_name[0] != '.';
  if (entries) closedir(entries);
  snprintf(path, sizeof path, "/proc/%d/mountinfo", pid);
  if (!read_text(AT_FDCWD, path, text, sizeof text))
    for (const char *at = text; at; at = strchr(at + 1, '\n')) held->mounts++;
}

/* Not of spawners: each is a copy of its supervisor at the moment when the last one had died. */
static void add_memory(struct held *held, pid_t pid) {
  static const char *const memory[] = {"\nRssAnon:", "\nRssShmem:", "\nVmSwap:", NULL};
  char path[64], text[8192];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  if (!read_text(AT_FDCWD, path, text, sizeof text)) held->memory_kib += sum_of(text, memory);
}

struct held count_held(void) {
  static struct process all[PROCESSES_MAX];
  struct held held = {0};
  char prefix[32];
  unsigned count = list_processes(all);
  mark_descendants(all, count);
  for (unsigned i = 0; i < count; i++) {
    if (!all[i].ours) continue;
    held.processes++;
    held.zombies += all[i].zombie;
    add_process(&held, all[i].pid);
    if (all[i].pid == world.daemon || all[i].parent == world.daemon) add_memory(&held, all[i].pid);
  }
  world_cgroups(prefix);
  held.cgroups = count_cgroups(prefix);
  return held;
}

struct held calm_held(void) {
  struct held now = count_held();
  for (unsigned i = 0; i < 200; i++) {
    struct held before = now;
    poll(NULL, 0, 20);
    now = count_held();
    if (!memcmp(&before, &now, sizeof now)) break;
  }
  return now;
}

static bool is_same(const char *what, unsigned early, unsigned late) {
  if (early != late) printf("  %s: %u, then %u\n", what, early, late);
  return early == late;
}

bool held_is_same(const struct held *early, const struct held *late, unsigned long slack_kib) {
  bool same = is_same("processes", early->processes, late->processes);
  same &= is_same("zombies", early->zombies, late->zombies);
  same &= is_same("descriptors", early->descriptors, late->descriptors);
  same &= is_same("mounts", early->mounts, late->mounts);
  same &= is_same("cgroups", early->cgroups, late->cgroups);
  if (late->memory_kib <= early->memory_kib + slack_kib) return same;
  printf("  memory: %lu KiB, then %lu KiB\n", early->memory_kib, late->memory_kib);
  return false;
}
