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
#include "sandboxd.h"

#include <sys/eventfd.h>

/* Page cache that a run left charged to its slot and that the next run need not carry. */
#define RESIDUE (4 * MIB)
/* What making a box may take, where the last run had less. */
#define ROOM (32 * MIB)
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
        [F_PRESSURE] = {CG_CPUACCT, "cpu.pressure"},
    },
};

/* Opens (making it) one controller's directory of the current generation, and its files. */
static bool open_controller(struct slot_cgroup *cgroup, int controller) {
  char name[40];
  int parent = cgroup->all->directories[controller];
  snprintf(name, sizeof name, "slot-%u-%u", cgroup->slot, cgroup->generations[controller]);
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
  if (cgroup->oom_event < 0) cgroup->oom_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
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

static const char *set_rate(struct slot_cgroup *cgroup, uint64_t rate) {
  if (cgroup->cpu_rate == rate) return NULL;
  if (cgroup->files[F_QUOTA] < 0) return "the CPU rate (no cpu controller)";
  /* Thousandths of a CPU in the kernel's usual period of 100 ms; its least quota is 1 ms. */
  char text[40];
  uint64_t quota = rate * 100 < 1000 ? 1000 : rate * 100;
  bool second = cgroup->all->version == 2;
  if (rate == 0) snprintf(text, sizeof text, second ? "max" : "-1");
  else snprintf(text, sizeof text, second ? "%llu 100000" : "%llu", (unsigned long long)quota);
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
  return NULL;
}

static const char *begin_v2(struct slot_cgroup *cgroup, const struct limits *limits) {
  if (!cgroup->all->home[CG_MEMORY][0]) return NULL;
  if (write_number(cgroup->files[F_LIMIT], limits->memory)) return "the memory limit";
  /* Without swap, memory.max is the limit of both together. */
  if (cgroup->files[F_SWAP_LIMIT] >= 0 && write_number(cgroup->files[F_SWAP_LIMIT], 0)) return "the swap limit";
  cgroup->memory_limit = limits->memory;
  return NULL;
}

int slot_cgroup_birthplace(struct slot_cgroup *cgroup) {
  if (cgroup->all->version != 2) return -1;
  for (int i = 0; i < CG_CONTROLLERS; i++) cgroup->generations[i]++;
  cgroup->memory_limit = cgroup->pids_limit = cgroup->cpu_rate = 0;
  if (!open_all(cgroup)) return -1;
  if (cgroup->all->home[CG_MEMORY][0]) write_text(cgroup->directories[CG_MEMORY], "memory.oom.group", "1");
  return cgroup->directories[CG_CPUACCT];
}

void slot_cgroup_rest(struct slot_cgroup *cgroup) {
  if (cgroup->all->version != 1) return;
  if (cgroup->files[F_LIMIT] >= 0 && cgroup->memory_limit < ROOM) set_memory_v1(cgroup, ROOM);
  set_rate(cgroup, 0);
}

const char *slot_cgroup_begin(struct slot_cgroup *cgroup, const struct limits *limits) {
  if (cgroup->all->version == 0) return NULL;
  const char *failed = cgroup->all->version == 2 ? begin_v2(cgroup, limits) : begin_v1(cgroup, limits);
  if (failed) return failed;
  uint64_t pids = limits->processes + 1 + cgroup->residents;
  if (cgroup->files[F_PIDS_MAX] >= 0 && pids != cgroup->pids_limit) {
    if (write_number(cgroup->files[F_PIDS_MAX], pids)) return "the process limit";
    cgroup->pids_limit = pids;
  }
  failed = set_rate(cgroup, limits->cpu_rate);
  cgroup->base_ooms = read_number(cgroup->files[F_OOM], "oom_kill");
  cgroup->base_hits = read_number(cgroup->files[F_PIDS_EVENTS], "max");
  cgroup->base_cpu = cgroup->base_user = cgroup->base_system = 0;
  cgroup->base_cpu = slot_cgroup_cpu(cgroup);
  slot_cgroup_parts(cgroup, &cgroup->base_user, &cgroup->base_system);
  return failed;
}

uint64_t slot_cgroup_cpu(const struct slot_cgroup *cgroup) {
  bool second = cgroup->all->version == 2;
  uint64_t used = read_number(cgroup->files[F_CPU], second ? "usage_usec" : NULL);
  return used * (second ? 1000 : 1) - cgroup->base_cpu;
}

void slot_cgroup_parts(const struct slot_cgroup *cgroup, uint64_t *user, uint64_t *system) {
  const int *files = cgroup->files;
  bool second = cgroup->all->version == 2;
  *user = (second ? read_number(files[F_CPU], "user_usec") : read_number(files[F_CPU_USER], NULL)) - cgroup->base_user;
  *system = (second ? read_number(files[F_CPU], "system_usec") : read_number(files[F_CPU_SYSTEM], NULL)) - cgroup->base_system;
}

uint32_t slot_cgroup_ooms(const struct slot_cgroup *cgroup) {
  return (uint32_t)(read_number(cgroup->files[F_OOM], "oom_kill") - cgroup->base_ooms);
}

uint32_t slot_cgroup_hits(const struct slot_cgroup *cgroup) {
  return (uint32_t)(read_number(cgroup->files[F_PIDS_EVENTS], "max") - cgroup->base_hits);
}

static uint64_t above(uint64_t value, uint64_t base) {
  return value > base ? value - base : 0;
}

void slot_cgroup_measure(const struct slot_cgroup *cgroup, struct cgroup_usage *usage) {
  const int *files = cgroup->files;
  bool second = cgroup->all->version == 2;
  uint64_t peak = read_number(files[files[F_SWAP_PEAK] >= 0 ? F_SWAP_PEAK : F_PEAK], NULL);
  usage->memory_peak = above(peak, second ? 0 : cgroup->base_memory);
  usage->pids_peak = (uint32_t)above(read_number(files[F_PIDS_PEAK], NULL), 1 + cgroup->residents);
  usage->memory_limit = above(cgroup->memory_limit, second ? 0 : cgroup->base_memory);
  usage->ooms = slot_cgroup_ooms(cgroup);
  usage->unkilled_ooms = second ? (uint32_t)read_number(files[F_OOM], "oom") : 0;
  usage->hits = slot_cgroup_hits(cgroup);
}

static void remove_generation(const struct slot_cgroup *cgroup, int controller, unsigned generation) {
  char name[40];
  snprintf(name, sizeof name, "slot-%u-%u", cgroup->slot, generation);
  if (!cgroup_remove(cgroup->all->directories[controller], name))
    warn("the cgroup %s could not be removed: %s", name, strerror(errno));
}

/* Moves the resident to a fresh cgroup of one controller; what is charged to the old one ends with it. */
static void replace_v1(struct slot_cgroup *cgroup, int controller, pid_t resident) {
  unsigned old = cgroup->generations[controller];
  cgroup->generations[controller]++;
  /* A resident that is dead leaves the old one empty just as well. */
  if (!open_controller(cgroup, controller) || (resident > 0 && join(cgroup, controller, resident) && errno != ESRCH)) {
    warn("slot %u keeps its cgroup of %s: %s", cgroup->slot, controller_names[controller], strerror(errno));
    cgroup->generations[controller] = old;
    open_controller(cgroup, controller);
    return;
  }
  remove_generation(cgroup, controller, old);
  if (controller == CG_PIDS) cgroup->pids_limit = 0;
  if (controller != CG_MEMORY) return;
  cgroup->memory_limit = UNLIMITED;
  listen_for_oom(cgroup);
}

void slot_cgroup_end(struct slot_cgroup *cgroup, pid_t resident) {
  if (cgroup->all->version == 2) {
    remove_generation(cgroup, CG_CPUACCT, cgroup->generations[CG_CPUACCT]);
    return;
  }
  int *files = cgroup->files;
  if (files[F_EMPTY] >= 0 && read_number(files[F_USAGE], NULL) > RESIDUE) {
    /* Reclaim stops at the limit of a page that is in use; what stays is part of the next base. */
    if (write(files[F_EMPTY], "0", 1) < 0 && errno != EBUSY && errno != EINTR)
      warn("memory.force_empty of slot %u: %s", cgroup->slot, strerror(errno));
  }
  /* System V segments, for example, are given back some 20 ms after their box: not at the expense of the next limit. */
  bool pids = files[F_PIDS_PEAK] >= 0 && read_number(files[F_PIDS_PEAK], NULL) > 2 + cgroup->residents;
  if (pids) replace_v1(cgroup, CG_PIDS, resident);
  if (read_number(files[F_USAGE], NULL) > RESIDUE) replace_v1(cgroup, CG_MEMORY, resident);
}
