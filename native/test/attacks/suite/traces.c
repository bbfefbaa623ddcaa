/* What may be left behind: processes, descriptors, mounts, cgroups, files. */
#define _GNU_SOURCE
#include "suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned files;

static int count_file(const char *path, const struct stat *status, int kind, struct FTW *where) {
  (void)path, (void)status, (void)kind, (void)where;
  files++;
  return 0;
}

static unsigned count_files(void) {
  files = 0;
  nftw(world.state, count_file, 16, FTW_PHYS);
  nftw(world.run, count_file, 16, FTW_PHYS);
  return files;
}

static unsigned count_entries(const char *path) {
  DIR *all = opendir(path);
  unsigned count = 0;
  while (all && readdir(all)) count++;
  if (all) closedir(all);
  return count;
}

static unsigned count_descriptors(pid_t pid) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/fd", pid);
  return count_entries(path);
}

static unsigned count_mounts(pid_t pid) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/mountinfo", pid);
  FILE *file = fopen(path, "re");
  unsigned count = 0;
  for (int byte; file && (byte = fgetc(file)) != EOF;) count += byte == '\n';
  if (file) fclose(file);
  return count;
}

static bool is_zombie(pid_t pid) {
  char path[32], text[4096];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  char *state = read_text(AT_FDCWD, path, text, sizeof text) ? NULL : strstr(text, "\nState:\t");
  return state && state[8] == 'Z';
}

static unsigned count_zombies(pid_t parent) {
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
  unsigned count = 0;
  if (read_text(AT_FDCWD, path, text, sizeof text)) return 0;
  for (char *at = text; *at; at += strcspn(at, " "), at += *at == ' ') count += is_zombie(atoi(at));
  return count;
}

static unsigned own_cgroups(void) {
  char id[64], path[128];
  snprintf(path, sizeof path, "%s/id", world.state);
  return read_text(AT_FDCWD, path, id, sizeof id) ? 0 : count_cgroups(id);
}

/* Who has greeted a slot knows that it has done with everybody before. */
static void take_greeted(struct traces *traces, unsigned slot) {
  if (slot < world.slots) {
    AUTO_CLOSE int client = slot_connect(slot, NULL);
    take_greeted(traces, slot + 1);
    return;
  }
  traces->mounts = count_mounts(getpid());
  traces->cgroups = own_cgroups();
  traces->files = count_files();
  traces->slots = children_of(world.daemon, traces->supervisors, COUNT_OF(traces->supervisors));
  traces->descriptors = count_descriptors(world.daemon);
  traces->zombies = count_zombies(world.daemon);
  for (unsigned i = 0; i < traces->slots; i++) {
    traces->descriptors += count_descriptors(traces->supervisors[i]);
    traces->slot_mounts += count_mounts(traces->supervisors[i]);
    traces->zombies += count_zombies(traces->supervisors[i]);
  }
}

void traces_take(struct traces *traces) {
  *traces = (struct traces){0};
  take_greeted(traces, 0);
}

bool traces_same(const struct traces *before) {
  struct traces now;
  traces_take(&now);
  if (!memcmp(before, &now, sizeof now)) return true;
  printf("     left behind (before, after): supervisors %u %u%s, descriptors %u %u, mounts %u %u, mounts of slots %u %u, "
         "cgroups %u %u, files %u %u, zombies %u %u\n",
         before->slots, now.slots,
         memcmp(before->supervisors, now.supervisors, sizeof now.supervisors) ? " (other processes)" : "",
         before->descriptors, now.descriptors, before->mounts, now.mounts, before->slot_mounts, now.slot_mounts,
         before->cgroups, now.cgroups, before->files, now.files, before->zombies, now.zombies);
  return false;
}

bool traces_gone(const struct traces *before) {
  unsigned mounts = count_mounts(getpid()), cgroups = own_cgroups(), sockets = count_entries(world.run);
  /* "." and ".." stay. */
  if (mounts == before->mounts && cgroups == 0 && sockets == 2) return true;
  printf("     after the end of sandboxd: mounts %u (%u before), cgroups %u, entries of its run directory %u\n", mounts,
         before->mounts, cgroups, sockets);
  return false;
}
