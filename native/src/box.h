/* From a spawner's clone to the program's first instruction. */
#pragma once

#include "util.h"
#include "wire.h"

#define ARENA_SIZE (2 * MIB)

/* Where setting up a box stopped. */
enum box_stage { STAGE_NONE, STAGE_MOUNTS, STAGE_IDENTITY, STAGE_SECCOMP, STAGE_EXEC };

/*
 * One page range that the supervisor, the spawner and the init of the current box share, at the
 * same address in all of them. The program never has it: execve drops the mapping, and it can't
 * trace init, which has another uid and is not dumpable.
 */
struct box_area {
  /* Written by the supervisor before a start. */
  uid_t uid;
  uint64_t stack, file;
  uint32_t open_files, cpu_seconds;
  char **argv, **env;
  const char *path; /* value of the box's PATH */
  size_t arena_used;
  /* Written by the kernel before the box runs: so it is known also when the spawner dies just then. */
  volatile pid_t init;
  /* Written in the box. */
  volatile uint64_t exec_at, ended_at; /* CLOCK_MONOTONIC, ns; 0 = did not happen */
  volatile uint64_t setup_cpu;         /* ns that the program's process spent before exec */
  volatile uint64_t init_before, init_after; /* ns that init had spent when the program ran, when it ended */
  volatile int stage, error;           /* what failed */
  char failed[80];
  volatile int status; /* wait status of the program, when ended_at is set */
  _Alignas(16) char arena[];
};

/* Descriptors that a box is started with, in this order. */
enum box_fd { BOX_IMAGE, BOX_WORK, BOX_TEMPORARY, BOX_STDIN, BOX_STDOUT, BOX_STDERR, BOX_CGROUP, BOX_FDS };

struct box_area *box_area_make(void);
/* Copies arguments and environment in; false if they are too large. */
bool box_area_fill(struct box_area *area, const struct run_request *run);

/* The first process of a box, just cloned: sets the box up, runs the program, reports in the area
   and exits with everything in the box. `notify` is where the program's process sends the seccomp
   listener; that message also says that the program starts now. */
_Noreturn void box_main(struct box_area *area, const int fds[BOX_FDS], int notify);
