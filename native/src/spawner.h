/* The process that clones boxes for one slot. */
#pragma once

#include "box.h"
#include "cgroup.h"

struct spawner {
  pid_t pid; /* -1 = none */
  int pidfd, socket;
  int notify;       /* where the listener of a starting program arrives */
  int notify_write; /* the boxes' end of it */
};

/* Starts it; on v1 it joins the slot's cgroups first. Null, or what failed. */
const char *spawner_start(struct spawner *spawner, struct box_area *area, const struct slot_cgroup *cgroup);
bool spawner_lives(const struct spawner *spawner);
void spawner_stop(struct spawner *spawner);

/* Clones a box: its pidfd, a child of the caller, whose number is in the area; or -1 and errno (EPIPE:
   the spawner is dead, and there is no box). */
int spawner_clone(const struct spawner *spawner, const int fds[BOX_FDS], struct box_area *area);

/* The listener of the program that starts, or -1. */
int spawner_listener(const struct spawner *spawner);

/* CPU time of a process so far, ns, also of a zombie. */
uint64_t process_cpu(pid_t pid);
