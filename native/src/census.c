/*
 * The processes of a box, found from its init downwards.
 *
 * For machines without cgroups, as an ordinary user has them, their times and resident memory are added up. What dies
 * between two looks is seen in the times of whoever waited for it; memory shared by several processes counts for each.
 *
 * Everywhere: whether one of their threads would go on if the machine let it, and how often they lost their processor.
 */
#include "sandboxd.h"

#include <dirent.h>

#define DEPTH_MAX 256
/* Reading of one takes some 20 us, in which a box that is to be stopped runs on. */
#define SWITCHES_OF 64

/* Fields of /proc/<pid>/stat after the name, counted from the state as 3: see proc(5). */
static bool read_stat(int proc, pid_t pid, uint64_t *waited_ticks, uint64_t *pages) {
  char name[32], text[1024];
  snprintf(name, sizeof name, "%d/stat", pid);
  char *at = read_text(proc, name, text, sizeof text) ? NULL : strrchr(text, ')');
  if (!at) return false;
  *waited_ticks = 0;
  for (int field = 3; (at = strchr(at, ' ')) && field <= 24; field++) {
    at++;
    if (field == 16 || field == 17) *waited_ticks += strtoull(at, NULL, 10);
    if (field == 24) *pages = strtoull(at, NULL, 10);
  }
  return at != NULL;
}

static void count_process(int proc, pid_t pid, struct census *census, int depth);

/* The lists of children that are gone through just now, one per level: a supervisor's stack would keep the room of each. */
static char lists[64 << 10];
static size_t lists_used;

static void count_children(int proc, pid_t pid, const char *thread, struct census *census, int depth) {
  char name[288], *text = lists + lists_used;
  size_t before = lists_used, room = sizeof lists - lists_used;
  snprintf(name, sizeof name, "%d/task/%s/children", pid, thread);
  if (room < 2 || read_text(proc, name, text, room)) return;
  /* What does not fit in is cut off between two of them: half a number is another process. */
  if (strlen(text) == room - 1) {
    char *last = strrchr(text, ' ');
    *(last ? last : text) = 0;
  }
  lists_used += strlen(text) + 1;
  for (char *at = text, *next; *at; at = next) {
    long child = strtol(at, &next, 10);
    if (next == at) break;
    while (*next == ' ') next++;
    count_process(proc, (pid_t)child, census, depth);
  }
  lists_used = before;
}

/* Ready for a processor, or waiting for a disk; both take time on a busy machine and are nobody's rest. */
static bool is_held_up(int proc, pid_t pid, const char *thread) {
  char name[64], text[1024];
  snprintf(name, sizeof name, "%d/task/%s/stat", pid, thread);
  char *end = read_text(proc, name, text, sizeof text) ? NULL : strrchr(text, ')');
  return end && end[1] == ' ' && (end[2] == 'R' || end[2] == 'D');
}

static uint64_t number_after(const char *text, const char *label) {
  const char *at = strstr(text, label);
  return at ? strtoull(at + strlen(label), NULL, 10) : 0;
}

static void add_switches(int proc, pid_t pid, const char *thread, struct census *census) {
  char name[64], text[4096];
  snprintf(name, sizeof name, "%d/task/%s/status", pid, thread);
  if (read_text(proc, name, text, sizeof text)) return;
  census->voluntary += number_after(text, "\nvoluntary_ctxt_switches:");
  census->involuntary += number_after(text, "\nnonvoluntary_ctxt_switches:");
}

static void look_at_thread(int proc, pid_t pid, const char *thread, struct census *census) {
  if (census->wanted == CENSUS_STATES) {
    census->held_up = is_held_up(proc, pid, thread);
    census->enough = census->held_up;
  } else if (census->wanted == CENSUS_SWITCHES) {
    add_switches(proc, pid, thread, census);
    census->enough = ++census->threads >= SWITCHES_OF;
  }
}

static void count_process(int proc, pid_t pid, struct census *census, int depth) {
  uint64_t waited, pages;
  char name[32];
  if (depth > DEPTH_MAX || census->enough || !read_stat(proc, pid, &waited, &pages)) return;
  census->processes++;
  census->cpu += process_cpu(pid) + waited * (SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
  census->memory += pages * (uint64_t)sysconf(_SC_PAGESIZE);
  snprintf(name, sizeof name, "%d/task", pid);
  int fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *threads = fd < 0 ? NULL : fdopendir(fd);
  for (struct dirent *thread; threads && !census->enough && (thread = readdir(threads));) {
    if (thread->d_name[0] == '.') continue;
    look_at_thread(proc, pid, thread->d_name, census);
    count_children(proc, pid, thread->d_name, census, depth + 1);
  }
  if (threads) closedir(threads);
}

bool box_is_held_up(const struct slot *slot, pid_t init) {
  struct census census = {.wanted = CENSUS_STATES};
  count_process(slot->proc, init, &census, 0);
  return census.held_up;
}

struct census switches_of(const struct slot *slot, pid_t init) {
  struct census census = {.wanted = CENSUS_SWITCHES};
  count_process(slot->proc, init, &census, 0);
  return census;
}

struct census census_of(const struct slot *slot, pid_t init) {
  struct census census = {0};
  uint64_t before = slot->area->init_before + slot->area->setup_cpu;
  count_process(slot->proc, init, &census, 0);
  if (census.processes) census.processes--;
  census.cpu = census.cpu > before ? census.cpu - before : 0;
  return census;
}
