/*
 * v2: every run gets a fresh leaf, and the box is born in it (CLONE_INTO_CGROUP).
 *
 * v1: moving a process into a cgroup waits for the kernel to pause every fork of the machine, some
 * 10 ms, so nothing is moved during a run: the slot's spawner lives in the slot's cgroups for good
 * and boxes are born there as its children. The cgroups serve one run after the other, therefore
 * counters are taken as differences, and peaks are reset or (pids.peak, which has no reset) their
 * cgroup is replaced after a run that raised it.
 *
 * Names: <own cgroup>/assay-<id>/slot-<n>-<generation>. Nothing of another name is ever touched.
 */
#define _GNU_SOURCE
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

const char *const controller_names[CG_CONTROLLERS] = {"memory", "pids", "cpu", "cpuacct"};

#define DEATH_NS (10000 * MS)
/* Page cache that a run left charged to its slot and that the next run need not carry. */
#define RESIDUE (4 * MIB)
#define GRAIN (256 * 1024)
#define UNLIMITED ((uint64_t)INT64_MAX)

static const struct {
  enum controller controller;
  const char *name;
} file_names[2][F_FILES] = {
    {
        [F_LIMIT] = {CG_MEMORY, "memory.limit_in_bytes"},
        [F_SWAP_LIMIT] = {CG_MEMORY, "memory.memsw.limit_in_bytes"},
        [F_USAGE] = {CG_MEMORY, "memory.usage_in_bytes"},
        [F_PEAK] = {CG_MEMORY, "memory.max_usage_in_bytes"},
        [F_SWAP_PEAK] = {CG_MEMORY, "memory.memsw.max_usage_in_bytes"},
        [F_OOM] = {CG_MEMORY, "memory.oom_control"},
        [F_EMPTY] = {CG_MEMORY, "memory.force_empty"},
        [F_PIDS_MAX] = {CG_PIDS, "pids.max"},
        [F_PIDS_PEAK] = {CG_PIDS, "pids.peak"},
        [F_PIDS_EVENTS] = {CG_PIDS, "pids.events"},
        [F_CPU] = {CG_CPUACCT, "cpuacct.usage"},
        [F_CPU_USER] = {CG_CPUACCT, "cpuacct.usage_user"},
        [F_CPU_SYSTEM] = {CG_CPUACCT, "cpuacct.usage_sys"},
        [F_QUOTA] = {CG_CPU, "cpu.cfs_quota_us"},
    },
    {
        [F_LIMIT] = {CG_MEMORY, "memory.max"},
        [F_SWAP_LIMIT] = {CG_MEMORY, "memory.swap.max"},
        [F_USAGE] = {CG_MEMORY, "memory.current"},
        [F_PEAK] = {CG_MEMORY, "memory.peak"},
        [F_OOM] = {CG_MEMORY, "memory.events"},
        [F_PIDS_MAX] = {CG_PIDS, "pids.max"},
        [F_PIDS_PEAK] = {CG_PIDS, "pids.peak"},
        [F_PIDS_EVENTS] = {CG_PIDS, "pids.events"},
        [F_CPU] = {CG_CPUACCT, "cpu.stat"},
        [F_QUOTA] = {CG_CPU, "cpu.max"},
    },
};

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

void cgroups_find(struct cgroups *cgroups) {
  char home[512], controllers[256], path[600];
  memset(cgroups, 0, sizeof *cgroups);
  if (find_home("", home)) {
    snprintf(path, sizeof path, "%s/cgroup.controllers", home);
    if (!read_text(AT_FDCWD, path, controllers, sizeof controllers) && has_word(controllers, "memory", ' '))
      cgroups->version = 2;
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

/* On v2 a cgroup that hands controllers down can't hold processes itself (the top one can). */
static void settle_v2(struct cgroups *cgroups) {
  char path[600], file[640], pid[16];
  directory_of(cgroups, CG_CPUACCT, path);
  snprintf(file, sizeof file, "%s/main", path);
  snprintf(pid, sizeof pid, "%d", getpid());
  if (make_directory(file)) {
    snprintf(file, sizeof file, "%s/main/cgroup.procs", path);
    write_text(AT_FDCWD, file, pid);
  }
  for (int i = 0; i < CG_CPUACCT; i++) {
    if (!cgroups->home[i][0]) continue;
    char enable[32], parent[640];
    snprintf(enable, sizeof enable, "+%s", controller_names[i]);
    snprintf(parent, sizeof parent, "%s/cgroup.subtree_control", cgroups->home[i]);
    snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
    if (!write_text(AT_FDCWD, parent, enable) && !write_text(AT_FDCWD, file, enable)) continue;
    snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "the %s controller can't be handed down: %s",
             controller_names[i], errno == EBUSY ? "other processes live in the same cgroup" : strerror(errno));
    cgroups->home[i][0] = 0;
  }
}

void cgroups_make(struct cgroups *cgroups, const char *id) {
  snprintf(cgroups->id, sizeof cgroups->id, "%s", id);
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600];
    if (!cgroups->home[i][0]) continue;
    directory_of(cgroups, i, path);
    if (make_directory(path)) continue;
    snprintf(cgroups->missing[i], sizeof cgroups->missing[i], "%.100s: %s", path, strerror(errno));
    cgroups->home[i][0] = 0;
  }
  if (cgroups->version == 2) settle_v2(cgroups);
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600];
    directory_of(cgroups, i, path);
    cgroups->directories[i] = cgroups->home[i][0] ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  }
  if (!cgroups->home[CG_MEMORY][0]) return;
  char swap[600];
  snprintf(swap, sizeof swap, "%s/memory.memsw.limit_in_bytes", cgroups->home[CG_MEMORY]);
  cgroups->swap = cgroups->version == 2 || !access(swap, F_OK);
}

void cgroups_remove(struct cgroups *cgroups) {
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char path[600], file[640], pid[16];
    if (!cgroups->home[i][0]) continue;
    directory_of(cgroups, i, path);
    if (cgroups->version == 2) {
      snprintf(pid, sizeof pid, "%d", getpid());
      for (int below = 0; below < CG_CPUACCT; below++) {
        char disable[32];
        snprintf(disable, sizeof disable, "-%s", controller_names[below]);
        snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
        write_text(AT_FDCWD, file, disable);
        snprintf(file, sizeof file, "%s/cgroup.subtree_control", cgroups->home[i]);
        write_text(AT_FDCWD, file, disable);
      }
      snprintf(file, sizeof file, "%s/cgroup.procs", cgroups->home[i]);
      write_text(AT_FDCWD, file, pid);
    }
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
      if (in_cgroup(directory, pid)) kill_pidfd(fd);
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
    /* A process that is dead for its parent can still be leaving its cgroup. */
    for (unsigned wait = 0; unlinkat(directory, entry->d_name, AT_REMOVEDIR) && errno == EBUSY && wait < 200; wait++)
      usleep(5000);
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

/* Opens (making it) one controller's directory of the current generation, and its files. */
static bool open_controller(struct slot_cgroup *cgroup, int controller) {
  char name[40];
  int parent = cgroup->all->directories[controller];
  snprintf(name, sizeof name, "slot-%u-%u", cgroup->slot, cgroup->generation);
  close_fd(&cgroup->directories[controller]);
  if (mkdirat(parent, name, 0755) && errno != EEXIST) return false;
  cgroup->directories[controller] = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cgroup->directories[controller] < 0) return false;
  for (int file = 0; file < F_FILES; file++) {
    const char *name_of_file = file_names[cgroup->all->version - 1][file].name;
    if (!name_of_file || (int)file_names[cgroup->all->version - 1][file].controller != controller) continue;
    close_fd(&cgroup->files[file]);
    cgroup->files[file] = openat(cgroup->directories[controller], name_of_file, O_RDWR | O_CLOEXEC);
    if (cgroup->files[file] < 0)
      cgroup->files[file] = openat(cgroup->directories[controller], name_of_file,
                                   (file == F_EMPTY ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
  }
  return true;
}

static bool open_all(struct slot_cgroup *cgroup) {
  for (int i = 0; i < CG_CONTROLLERS; i++)
    if (cgroup->all->home[i][0] && !open_controller(cgroup, i)) return false;
  return true;
}

static void listen_for_oom(struct slot_cgroup *cgroup) {
  char text[32];
  cgroup->oom_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  snprintf(text, sizeof text, "%d %d", cgroup->oom_event, cgroup->files[F_OOM]);
  if (write_text(cgroup->directories[CG_MEMORY], "cgroup.event_control", text)) close_fd(&cgroup->oom_event);
}

const char *slot_cgroup_open(struct slot_cgroup *cgroup, const struct cgroups *all, unsigned slot) {
  *cgroup = (struct slot_cgroup){.all = all, .slot = slot, .oom_event = -1, .memory_limit = UNLIMITED};
  for (int i = 0; i < CG_CONTROLLERS; i++) cgroup->directories[i] = -1;
  for (int i = 0; i < F_FILES; i++) cgroup->files[i] = -1;
  if (all->version != 1) return NULL;
  cgroup->residents = 1;
  if (!open_all(cgroup)) return "the slot's cgroups";
  if (cgroup->files[F_OOM] >= 0) listen_for_oom(cgroup);
  return NULL;
}

static int join(const struct slot_cgroup *cgroup, int controller, pid_t pid) {
  char text[16];
  snprintf(text, sizeof text, "%d", pid);
  return write_text(cgroup->directories[controller], "cgroup.procs", text);
}

const char *slot_cgroup_join(const struct slot_cgroup *cgroup) {
  for (int i = 0; i < CG_CONTROLLERS; i++)
    if (cgroup->directories[i] >= 0 && join(cgroup, i, getpid())) return controller_names[i];
  return NULL;
}

static const char *set_memory_v1(struct slot_cgroup *cgroup, uint64_t limit) {
  bool raise = limit > cgroup->memory_limit;
  int first = raise ? F_SWAP_LIMIT : F_LIMIT, second = raise ? F_LIMIT : F_SWAP_LIMIT;
  /* memory + swap may never be below memory, not even between two writes. */
  for (int i = 0; i < 2; i++) {
    int file = cgroup->files[i ? second : first];
    if (file >= 0 && write_number(file, limit)) {
      cgroup->memory_limit = read_number(cgroup->files[F_LIMIT], NULL);
      return "the memory limit";
    }
  }
  cgroup->memory_limit = limit;
  return NULL;
}

static const char *set_rate(struct slot_cgroup *cgroup, uint32_t rate) {
  if (cgroup->cpu_rate == rate) return NULL;
  if (cgroup->files[F_QUOTA] < 0) return "the CPU rate (no cpu controller)";
  /* Thousandths of a CPU in the kernel's usual period of 100 ms; its least quota is 1 ms. */
  char text[40];
  uint32_t quota = rate * 100 < 1000 ? 1000 : rate * 100;
  bool second = cgroup->all->version == 2;
  if (rate == 0) snprintf(text, sizeof text, second ? "max" : "-1");
  else snprintf(text, sizeof text, second ? "%u 100000" : "%u", quota);
  if (pwrite(cgroup->files[F_QUOTA], text, strlen(text), 0) < 0) return "the CPU rate";
  cgroup->cpu_rate = rate;
  return NULL;
}

static const char *begin_v1(struct slot_cgroup *cgroup, const struct limits *limits) {
  int *files = cgroup->files;
  cgroup->base_memory = read_number(files[F_USAGE], NULL);
  uint64_t limit = limits->memory + (cgroup->base_memory + GRAIN - 1) / GRAIN * GRAIN;
  if (files[F_LIMIT] >= 0 && limit != cgroup->memory_limit) {
    const char *failed = set_memory_v1(cgroup, limit);
    if (failed) return failed;
  }
  if (files[F_PEAK] >= 0) write_number(files[F_PEAK], 0);
  if (files[F_SWAP_PEAK] >= 0) write_number(files[F_SWAP_PEAK], 0);
  if (cgroup->oom_event >= 0) {
    uint64_t old;
    if (read(cgroup->oom_event, &old, sizeof old) < 0 && errno != EAGAIN) return "the OOM notification";
  }
  cgroup->base_user = read_number(files[F_CPU_USER], NULL);
  cgroup->base_system = read_number(files[F_CPU_SYSTEM], NULL);
  return NULL;
}

static const char *begin_v2(struct slot_cgroup *cgroup, const struct limits *limits) {
  cgroup->generation++;
  cgroup->memory_limit = cgroup->pids_limit = cgroup->cpu_rate = 0;
  if (!open_all(cgroup)) return "a fresh cgroup";
  if (!cgroup->all->home[CG_MEMORY][0]) return NULL;
  if (write_number(cgroup->files[F_LIMIT], limits->memory)) return "the memory limit";
  /* Without swap, memory.max is the limit of both together. */
  if (cgroup->files[F_SWAP_LIMIT] >= 0 && write_number(cgroup->files[F_SWAP_LIMIT], 0)) return "the swap limit";
  write_text(cgroup->directories[CG_MEMORY], "memory.oom.group", "1");
  return NULL;
}

const char *slot_cgroup_begin(struct slot_cgroup *cgroup, const struct limits *limits) {
  if (cgroup->all->version == 0) return NULL;
  const char *failed = cgroup->all->version == 2 ? begin_v2(cgroup, limits) : begin_v1(cgroup, limits);
  if (failed) return failed;
  uint32_t pids = limits->processes + 1 + cgroup->residents;
  if (cgroup->files[F_PIDS_MAX] >= 0 && pids != cgroup->pids_limit) {
    if (write_number(cgroup->files[F_PIDS_MAX], pids)) return "the process limit";
    cgroup->pids_limit = pids;
  }
  failed = set_rate(cgroup, limits->cpu_rate);
  cgroup->base_ooms = read_number(cgroup->files[F_OOM], "oom_kill");
  cgroup->base_hits = read_number(cgroup->files[F_PIDS_EVENTS], "max");
  cgroup->base_cpu = 0;
  cgroup->base_cpu = slot_cgroup_cpu(cgroup);
  return failed;
}

int slot_cgroup_birthplace(const struct slot_cgroup *cgroup) {
  return cgroup->all->version == 2 ? cgroup->directories[CG_CPUACCT] : -1;
}

uint64_t slot_cgroup_cpu(const struct slot_cgroup *cgroup) {
  bool second = cgroup->all->version == 2;
  uint64_t used = read_number(cgroup->files[F_CPU], second ? "usage_usec" : NULL);
  return used * (second ? 1000 : 1) - cgroup->base_cpu;
}

uint32_t slot_cgroup_ooms(const struct slot_cgroup *cgroup) {
  return (uint32_t)(read_number(cgroup->files[F_OOM], "oom_kill") - cgroup->base_ooms);
}

static uint64_t above(uint64_t value, uint64_t base) {
  return value > base ? value - base : 0;
}

void slot_cgroup_measure(const struct slot_cgroup *cgroup, struct cgroup_usage *usage) {
  const int *files = cgroup->files;
  bool second = cgroup->all->version == 2;
  usage->cpu = slot_cgroup_cpu(cgroup);
  usage->user = second ? read_number(files[F_CPU], "user_usec") : read_number(files[F_CPU_USER], NULL);
  usage->system = second ? read_number(files[F_CPU], "system_usec") : read_number(files[F_CPU_SYSTEM], NULL);
  usage->user -= second ? 0 : cgroup->base_user;
  usage->system -= second ? 0 : cgroup->base_system;
  uint64_t peak = read_number(files[files[F_SWAP_PEAK] >= 0 ? F_SWAP_PEAK : F_PEAK], NULL);
  usage->memory_peak = above(peak, second ? 0 : cgroup->base_memory);
  usage->pids_peak = (uint32_t)above(read_number(files[F_PIDS_PEAK], NULL), 1 + cgroup->residents);
  usage->oom_kills = slot_cgroup_ooms(cgroup);
  usage->pids_hits = (uint32_t)(read_number(files[F_PIDS_EVENTS], "max") - cgroup->base_hits);
}

static void remove_generation(const struct slot_cgroup *cgroup, int controller, unsigned generation) {
  char name[40];
  snprintf(name, sizeof name, "slot-%u-%u", cgroup->slot, generation);
  if (unlinkat(cgroup->all->directories[controller], name, AT_REMOVEDIR) && errno != ENOENT)
    warn("the cgroup %s could not be removed: %s", name, strerror(errno));
}

void slot_cgroup_end(struct slot_cgroup *cgroup, pid_t resident) {
  if (cgroup->all->version == 2) {
    remove_generation(cgroup, CG_CPUACCT, cgroup->generation);
    return;
  }
  int *files = cgroup->files;
  if (files[F_EMPTY] >= 0 && read_number(files[F_USAGE], NULL) > RESIDUE) {
    /* Reclaim stops at the limit of a page that is in use; what stays is part of the next base. */
    if (write(files[F_EMPTY], "0", 1) < 0 && errno != EBUSY && errno != EINTR)
      warn("memory.force_empty of slot %u: %s", cgroup->slot, strerror(errno));
  }
  uint64_t usual = 2 + cgroup->residents;
  if (resident > 0 && files[F_PIDS_PEAK] >= 0 && read_number(files[F_PIDS_PEAK], NULL) > usual) {
    cgroup->generation++;
    cgroup->pids_limit = 0;
    /* A resident that is dead leaves the old one empty just as well. */
    if (open_controller(cgroup, CG_PIDS) && (!join(cgroup, CG_PIDS, resident) || errno == ESRCH))
      remove_generation(cgroup, CG_PIDS, cgroup->generation - 1);
    else
      warn("slot %u keeps its pids cgroup: %s", cgroup->slot, strerror(errno));
  }
}
