/* Limits and accounts of whole process trees, by cgroup v1 or v2, whichever this machine has. */
#pragma once

#include "util.h"
#include "wire.h"

enum controller { CG_MEMORY, CG_PIDS, CG_CPU, CG_CPUACCT, CG_CONTROLLERS };
extern const char *const controller_names[CG_CONTROLLERS];

/* What sandboxd may use: `home` is its own cgroup of each controller, "" where it has none. */
struct cgroups {
  int version; /* 1 or 2; 0 = none at all */
  char home[CG_CONTROLLERS][512];
  char top[512]; /* v2: where the hierarchy is mounted */
  int directories[CG_CONTROLLERS]; /* assay-<id>, open: a slot sees no path of the host; -1 = none */
  bool swap;
  char id[17];
  char missing[CG_CONTROLLERS][160]; /* why a controller is not available */
};

/* Looks only; changes nothing. */
void cgroups_find(struct cgroups *cgroups);
/* Makes assay-<id> below each home. Controllers that refuse lose their home and get a reason. */
void cgroups_make(struct cgroups *cgroups, const char *id);
/* Removes what cgroups_make and the slots made. */
void cgroups_remove(struct cgroups *cgroups);
/* Ends every process below a directory and removes the directories whose names begin with the
   prefix ("" = all and the directory itself). The directory must be of a cgroup file system. */
bool cgroup_clean(const char *directory, const char *prefix);
/* The same for one slot in all controllers. */
void cgroups_clean_slot(const struct cgroups *cgroups, unsigned slot);

enum cgroup_file {
  F_LIMIT, F_SWAP_LIMIT, F_USAGE, F_PEAK, F_SWAP_PEAK, F_OOM, F_EMPTY, F_PIDS_MAX, F_PIDS_PEAK,
  F_PIDS_EVENTS, F_CPU, F_CPU_USER, F_CPU_SYSTEM, F_QUOTA, F_FILES
};

/* The cgroup that the boxes of a slot use one after the other (v1) or the one of this run (v2). */
struct slot_cgroup {
  const struct cgroups *all;
  unsigned slot, generation;
  int directories[CG_CONTROLLERS];
  int files[F_FILES];
  int oom_event; /* readable after an OOM; -1 on v2, where the kernel ends the whole box */
  /* At the start of the run. */
  uint64_t base_memory, base_cpu, base_user, base_system, base_ooms, base_hits;
  /* What is set, so that it is not set again. */
  uint64_t memory_limit;
  uint32_t pids_limit, cpu_rate;
  unsigned residents; /* processes of ours that live in it: the spawner on v1 */
};

/* How much the box used; `residents` and the init of the box are not counted. */
struct cgroup_usage {
  uint64_t cpu, user, system; /* ns */
  uint64_t memory_peak;
  uint32_t pids_peak, oom_kills, pids_hits;
};

/* v1: makes the slot's cgroups. Null, or what failed. */
const char *slot_cgroup_open(struct slot_cgroup *cgroup, const struct cgroups *all, unsigned slot);
/* v1: a resident moves itself in. */
const char *slot_cgroup_join(const struct slot_cgroup *cgroup);
/* Sets the limits of a run and notes where its accounts start. Null, or what failed. */
const char *slot_cgroup_begin(struct slot_cgroup *cgroup, const struct limits *limits);
/* v2: the directory to be born in, -1 on v1. */
int slot_cgroup_birthplace(const struct slot_cgroup *cgroup);
uint64_t slot_cgroup_cpu(const struct slot_cgroup *cgroup);
uint32_t slot_cgroup_ooms(const struct slot_cgroup *cgroup);
void slot_cgroup_measure(const struct slot_cgroup *cgroup, struct cgroup_usage *usage);
/* After everything of the run is dead and unmounted: makes the next run start from zero. On v1 the
   resident is moved to a fresh pids cgroup when this run raised the peak, which can't be reset. */
void slot_cgroup_end(struct slot_cgroup *cgroup, pid_t resident);
