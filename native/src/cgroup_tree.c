/*
 * Which cgroups sandboxd has, where it makes its own, and how they are removed with all that lives
 * in them. On v1 every controller has its hierarchy, on v2 all share one.
 */
#include "sandboxd.h"

#include <dirent.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#define DEATH_NS (10000 * MS)

const char *const controller_names[CG_CONTROLLERS] = {"memory", "pids", "cpu", "cpuacct"};

static bool has_word(const char *list, const char *word, char separator) {
  size_t length = strlen(word);
  for (const char *at = list; (at = strstr(at, word)); at += length)
    if ((at == list || at[-1] == separator) && (!at[length] || at[length] == separator)) return true;
  return false;
}

/* Where the hierarchy of this controller is mounted ("" = v2), below which of its directories. */
static bool find_mount(const char *controller, char *point, char *root) {
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  char line[2048];
  bool found = false;
  while (mounts && !found && fgets(line, sizeof line, mounts)) {
    char type[64], options[1024];
    char *rest = strstr(line, " - ");
    if (!rest || sscanf(line, "%*s %*s %*s %511s %511s", root, point) != 2 ||
        sscanf(rest, " - %63s %*s %1023s", type, options) != 2)
      continue;
    found = *controller ? !strcmp(type, "cgroup") && has_word(options, controller, ',') : !strcmp(type, "cgroup2");
  }
  if (mounts) fclose(mounts);
  return found;
}

/* This process's cgroup in the hierarchy of the controller. */
static bool find_own(const char *controller, char *own) {
  FILE *cgroups = fopen("/proc/self/cgroup", "re");
  char line[1024];
  bool found = false;
  while (cgroups && !found && fgets(line, sizeof line, cgroups)) {
    line[strcspn(line, "\n")] = 0;
    char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    found = *controller ? has_word(names + 1, controller, ',') : names[1] == 0;
    if (found) snprintf(own, 512, "%s", path);
  }
  if (cgroups) fclose(cgroups);
  return found;
}

static bool find_home(const char *controller, char home[512]) {
  char point[512], root[512], own[512];
  home[0] = 0;
  if (!find_mount(controller, point, root) || !find_own(controller, own)) return false;
  size_t below = strcmp(root, "/") ? strlen(root) : 0;
  const char *path = strncmp(own, root, below) ? "" : own + below;
  if (!strcmp(path, "/")) path = "";
  return snprintf(home, 512, "%s%s", point, path) < 512 - 80;
}

/* The controllers of a v2 cgroup; false if it has not those that boxes need. */
static bool read_controllers(const char *home, char controllers[256]) {
  char path[640];
  snprintf(path, sizeof path, "%s/cgroup.controllers", home);
  if (read_text(AT_FDCWD, path, controllers, 256)) controllers[0] = 0;
  return has_word(controllers, "memory", ' ') && has_word(controllers, "pids", ' ') && has_word(controllers, "cpu", ' ');
}

void cgroups_find(struct cgroups *cgroups) {
  char home[512], controllers[256], root[512];
  memset(cgroups, 0, sizeof *cgroups);
  if (find_mount("", cgroups->top, root) && find_home("", home)) {
    /* Its own cgroup may have been given fewer controllers than the top has. */
    if (!read_controllers(home, controllers)) {
      strcpy(home, cgroups->top);
      read_controllers(home, controllers);
    }
    if (has_word(controllers, "memory", ' ')) cgroups->version = 2;
  }
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    bool found;
    if (cgroups->version == 2) {
      /* CPU time is accounted in every v2 cgroup, with no controller. */
      found = i == CG_CPUACCT || has_word(controllers, controller_names[i], ' ');
      if (found) strcpy(cgroups->home[i], home);
    } else {
      found = find_home(controller_names[i], cgroups->home[i]);
      if (found) cgroups->version = 1;
    }
    if (!found) {
      cgroups->home[i][0] = 0;
      snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "the %s controller is not mounted here",
               controller_names[i]);
    }
  }
}

static void directory_of(const struct cgroups *cgroups, int controller, char path[600]) {
  snprintf(path, 600, "%s/assay-%s", cgroups->home[controller], cgroups->id);
}

static bool make_directory(const char *path) {
  return !mkdir(path, 0755) || errno == EEXIST;
}

/* Moves this process into a v2 cgroup. */
static void enter(const char *path) {
  char file[680], pid[16];
  snprintf(file, sizeof file, "%s/cgroup.procs", path);
  snprintf(pid, sizeof pid, "%d", getpid());
  if (write_text(AT_FDCWD, file, pid)) warn("%s can't be entered: %s", path, strerror(errno));
}

static bool hand_down(const char *path, const char *change) {
  char file[680];
  snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
  return !write_text(AT_FDCWD, file, change);
}

/* On v2 a cgroup that hands controllers down can't hold processes itself (the top one can), so main
   moves into a leaf of its own. False if a controller can't be handed down. */
static bool settle_v2(struct cgroups *cgroups) {
  char path[600], file[640];
  directory_of(cgroups, CG_CPUACCT, path);
  snprintf(file, sizeof file, "%s/main", path);
  if (!make_directory(path)) {
    for (int i = 0; i < CG_CONTROLLERS; i++)
      snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "%.100s: %s", path, strerror(errno));
    return false;
  }
  if (make_directory(file)) enter(file);
  cgroups->missing[CG_CPUACCT][0] = 0;
  bool all = true;
  for (int i = 0; i < CG_CPUACCT; i++) {
    char enable[32];
    if (!cgroups->home[i][0]) continue;
    snprintf(enable, sizeof enable, "+%s", controller_names[i]);
    bool handed = hand_down(cgroups->home[i], enable) && hand_down(path, enable);
    if (!handed)
      snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "the %s controller can't be handed down: %s",
               controller_names[i], errno == EBUSY ? "other processes live in sandboxd's cgroup" : strerror(errno));
    else
      cgroups->missing[i][0] = 0;
    all &= handed;
  }
  return all;
}

static void unsettle_v2(const struct cgroups *cgroups) {
  char path[600], main[640];
  const char *home = cgroups->home[CG_CPUACCT];
  directory_of(cgroups, CG_CPUACCT, path);
  snprintf(main, sizeof main, "%s/main", path);
  if (access(main, F_OK)) return;
  for (int i = 0; i < CG_CPUACCT; i++) {
    char disable[32];
    snprintf(disable, sizeof disable, "-%s", controller_names[i]);
    hand_down(path, disable);
    /* The top one is not ours: others have their controllers from it. */
    if (strcmp(home, cgroups->top)) hand_down(home, disable);
  }
  enter(home);
  rmdir(main);
  rmdir(path);
}

/* Below sandboxd's own cgroup; where others live in that one too, as in a login shell's, at the top. */
static void make_v2(struct cgroups *cgroups) {
  if (settle_v2(cgroups)) return;
  if (strcmp(cgroups->home[CG_CPUACCT], cgroups->top)) {
    unsettle_v2(cgroups);
    for (int i = 0; i < CG_CONTROLLERS; i++)
      if (cgroups->home[i][0]) strcpy(cgroups->home[i], cgroups->top);
    if (settle_v2(cgroups)) return;
  }
  for (int i = 0; i < CG_CONTROLLERS; i++)
    if (cgroups->missing[i][0]) cgroups->home[i][0] = 0;
}

static void make_v1(struct cgroups *cgroups) {
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600];
    if (!cgroups->home[i][0]) continue;
    directory_of(cgroups, i, path);
    if (make_directory(path)) continue;
    snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "%.100s: %s", path, strerror(errno));
    cgroups->home[i][0] = 0;
  }
}

/* A process that is dead for its parent can still be leaving its cgroup, on a busy machine for some milliseconds. */
bool cgroup_remove(int directory, const char *name) {
  for (unsigned wait = 0; unlinkat(directory, name, AT_REMOVEDIR); wait++) {
    if (errno == ENOENT) return true;
    if (errno != EBUSY || wait == 200) return false;
    usleep(5000);
  }
  return true;
}

void cgroups_make(struct cgroups *cgroups, const char *id) {
  snprintf(cgroups->id, sizeof cgroups->id, "%s", id);
  if (cgroups->version == 2) make_v2(cgroups);
  else make_v1(cgroups);
  bool any = false;
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600];
    directory_of(cgroups, i, path);
    any |= cgroups->home[i][0] != 0;
    cgroups->directories[i] = cgroups->home[i][0] ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  }
  if (!any) cgroups->version = 0;
  char swap[600];
  snprintf(swap, sizeof swap, "%s/memory.memsw.limit_in_bytes", cgroups->home[CG_MEMORY]);
  cgroups->swap = cgroups->home[CG_MEMORY][0] && (cgroups->version == 2 || !access(swap, F_OK));
}

void cgroups_remove(struct cgroups *cgroups) {
  if (cgroups->version == 2) unsettle_v2(cgroups);
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600];
    if (!cgroups->home[i][0]) continue;
    directory_of(cgroups, i, path);
    if (!cgroup_clean(path, "")) warn("%s could not be removed", path);
  }
}

static bool in_cgroup(int directory, pid_t pid) {
  AUTO_CLOSE int fd = openat(directory, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  FILE *list = fd < 0 ? NULL : fdopen(dup(fd), "r");
  long found = 0;
  while (list && fscanf(list, "%ld", &found) == 1 && (pid == 0 || found != pid)) {
    if (pid == 0) break;
  }
  if (list) fclose(list);
  return pid == 0 ? found != 0 : found == pid;
}

/* Kills until nothing is left; a process is killed only while it is known to be in this cgroup. */
static bool kill_all(int directory, uint64_t deadline) {
  write_text(directory, "cgroup.kill", "1");
  while (in_cgroup(directory, 0)) {
    char list[4096];
    if (read_text(directory, "cgroup.procs", list, sizeof list)) return false;
    int last = -1;
    for (char *at = list; *at;) {
      pid_t pid = (pid_t)strtol(at, &at, 10);
      while (*at == '\n') at++;
      int fd = pid > 0 ? open_pidfd(pid) : -1;
      if (fd < 0) continue;
      if (pid != getpid() && in_cgroup(directory, pid)) kill_pidfd(fd);
      if (last >= 0) close(last);
      last = fd;
    }
    uint64_t now = now_ns();
    bool dead = last < 0 || wait_pidfd(last, now < deadline ? deadline - now : 0);
    if (last >= 0) close(last);
    if (!dead || now >= deadline) return false;
  }
  return true;
}

static bool clean_below(int directory, const char *prefix, uint64_t deadline) {
  DIR *entries = fdopendir(dup(directory));
  bool clean = entries != NULL;
  if (entries) rewinddir(entries);
  for (struct dirent *entry; entries && (entry = readdir(entries));) {
    if (entry->d_name[0] == '.' || entry->d_type != DT_DIR) continue;
    if (strncmp(entry->d_name, prefix, strlen(prefix))) continue;
    AUTO_CLOSE int inner = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (inner < 0) continue;
    clean &= kill_all(inner, deadline) && clean_below(inner, "", deadline);
    cgroup_remove(directory, entry->d_name);
    clean &= faccessat(directory, entry->d_name, F_OK, 0) != 0;
  }
  if (entries) closedir(entries);
  return clean;
}

bool cgroup_clean(const char *path, const char *prefix) {
  AUTO_CLOSE int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (directory < 0) return errno == ENOENT;
  struct statfs kind;
  if (fstatfs(directory, &kind) || (kind.f_type != CGROUP_SUPER_MAGIC && kind.f_type != CGROUP2_SUPER_MAGIC)) return false;
  uint64_t deadline = now_ns() + DEATH_NS;
  if (*prefix) return clean_below(directory, prefix, deadline);
  return kill_all(directory, deadline) && clean_below(directory, "", deadline) && !rmdir(path);
}

void cgroups_clean_slot(const struct cgroups *cgroups, unsigned slot) {
  char prefix[32], path[600];
  snprintf(prefix, sizeof prefix, "slot-%u-", slot);
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    if (!cgroups->home[i][0]) continue;
    directory_of(cgroups, i, path);
    if (!cgroup_clean(path, prefix)) warn("cgroups of slot %u in %s could not be removed", slot, path);
  }
}

