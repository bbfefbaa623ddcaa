/* One run, from its request to its outcome. */
#pragma once

#include "seccomp.h"
#include "slot.h"

#include <sys/resource.h>

enum status {
  STATUS_EXITED,
  STATUS_SIGNALLED,
  STATUS_CPU_LIMIT,
  STATUS_WALL_LIMIT,
  STATUS_MEMORY_LIMIT,
  STATUS_OUTPUT_LIMIT,
  STATUS_REFUSED_SYSCALL,
  STATUS_START_FAILED,
  STATUS_CANCELLED,
  STATUS_PLATFORM,
};

struct running {
  struct slot *slot;
  const struct run_request *request;
  uint64_t received_at, died_at;
  int image, work, temporary; /* detached mounts */
  int init;                   /* pidfd */
  int namespace;              /* the box's mount namespace, or -1 */
  int listener;
  bool dead, client_gone;
  enum status cause; /* why sandboxd killed it; STATUS_EXITED = it did not */
  uint64_t spawner_cpu;
  struct refused refused;
  /* Known when it is dead. */
  struct rusage resources;
  int init_status;
  uint64_t cpu;
  struct cgroup_usage usage;
  char message[240];
};

/* CPU time of the program and its descendants so far: the box's account without what setting the
   box up has cost. */
uint64_t running_cpu(const struct running *running);

/* Kills the box for this reason; the first reason stays. */
void running_stop(struct running *running, enum status cause);

/* Watches until everything in the box is dead. */
void running_watch(struct running *running);

/* Decides the status, collects, keeps and answers. False when the client can't be reached. */
bool running_answer(struct running *running);
