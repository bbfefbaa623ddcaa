/* All rooms of sandboxd: what each offers to the others. Theory of operation: main.c. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MIB ((uint64_t)1024 * 1024)
#define MS ((uint64_t)1000 * 1000)
#define SECOND (1000 * MS)

/* ---- util.c ---- */

/* A descriptor that is closed when its variable goes out of scope; -1 is none. */
#define AUTO_CLOSE __attribute__((cleanup(close_auto)))
void close_auto(int *fd);
void close_fd(int *fd);
/* CLOCK_MONOTONIC, ns. */
uint64_t now_ns(void);
/* CPU time of a process so far with all its threads, ns; also of a zombie. 0 = this thread's own. */
uint64_t process_cpu(pid_t pid);
/* One line on stderr. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line on stderr, then exit with this code. */
_Noreturn void fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A whole small text file without its last newlines; -1 and errno if it can't be read. */
int read_text(int directory, const char *name, char *text, size_t size);
/* 0, or -1 and errno. The file must exist. */
int write_text(int directory, const char *name, const char *text);
/* The same for a descriptor that stays open (files of a cgroup). */
int write_number(int fd, uint64_t value);
/* The number after a key ("oom_kill 3"), or the file's first number when key is null; 0 if absent. */
uint64_t read_number(int fd, const char *key);
/* By descriptor, so never a process that has another's old number. */
void kill_pidfd(int pidfd);
int open_pidfd(pid_t pid);
/* Waits for the end of a process that need not be a child; false if it takes longer. */
bool wait_pidfd(int pidfd, uint64_t timeout_ns);
/* Takes the end of a child that is dead or dying. */
void reap(int pidfd);
#define DESCRIPTORS_MAX 24
/* One byte with these descriptors; false and errno. */
bool send_descriptors(int socket, const int *fds, unsigned count);
/* Such a message: how many came (at most `most`, the rest of `fds` is -1), -1 = no message. `sender` (or
   null) is who sent it, on sockets with SO_PASSCRED. */
int receive_descriptors(int socket, int *fds, unsigned most, pid_t *sender, int flags);
/* Removes a file or a directory with all it holds, following no link; true if it is gone. */
bool remove_tree(int directory, const char *name);
void hex_text(const uint8_t *bytes, size_t size, char *text);
void random_bytes(void *bytes, size_t size);

#include "wire.h"

/* ---- files.c ---- */

enum collect_state { COLLECT_OK, COLLECT_MISSING, COLLECT_NOT_REGULAR, COLLECT_TOO_LARGE, COLLECT_LINK };
struct tree_count {
  uint64_t bytes;
  uint32_t entries, skipped;
};
/* A sealed file in memory at its start, or -1. */
int content_file(struct view bytes);
/* Writes the files of a request (paths already checked) below a directory. */
bool put_files(int directory, struct list files, uid_t uid, struct refusal *refusal);
/* An entry of a dead box's work directory and its size. */
enum collect_state open_collected(int work, struct view path, int *fd, uint64_t *size);
bool is_no_id(const uint8_t id[ID_SIZE]);
/* Copies an artifact into a fresh work directory. */
bool use_artifact(int artifacts, const uint8_t id[ID_SIZE], int work, uid_t uid, struct refusal *refusal);
/* Copies a work directory to a new artifact; false leaves none and zeros as id (errno EFBIG: `count` says how large). */
bool keep_artifact(int artifacts, int work, uint64_t cap, uint8_t id[ID_SIZE], struct tree_count *count);
/* Removes one, or with zeros all; how many. */
uint32_t forget_artifacts(int artifacts, const uint8_t id[ID_SIZE]);

/* ---- cgroup_tree.c, cgroup.c: limits and accounts of whole process trees, v1 or v2 ---- */

enum controller { CG_MEMORY, CG_PIDS, CG_CPU, CG_CPUACCT, CG_CONTROLLERS };
extern const char *const controller_names[CG_CONTROLLERS];

/* What sandboxd may use: `home` is its own cgroup of each controller, "" where it has none. */
struct cgroups {
  int version; /* 1 or 2; 0 = none at all */
  char home[CG_CONTROLLERS][512];
  char top[512];                   /* v2: where the hierarchy is mounted */
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
/* Removes an empty cgroup, as soon as the last that was in it has left. False, with errno, when it stays. */
bool cgroup_remove(int directory, const char *name);
/* Ends every process below a directory and removes the directories whose names begin with the prefix ("" = all
   and the directory itself). The directory must be of a cgroup file system. */
bool cgroup_clean(const char *directory, const char *prefix);
/* The same for one slot in all controllers. */
void cgroups_clean_slot(const struct cgroups *cgroups, unsigned slot);

enum cgroup_file {
  F_LIMIT, F_SWAP_LIMIT, F_USAGE, F_PEAK, F_SWAP_PEAK, F_OOM, F_EMPTY, F_PIDS_MAX, F_PIDS_PEAK, F_PIDS_EVENTS, F_CPU,
  F_CPU_USER, F_CPU_SYSTEM, F_QUOTA, F_PRESSURE, F_FILES
};

/* The cgroup that the boxes of a slot use one after the other (v1) or the one of this run (v2). */
struct slot_cgroup {
  const struct cgroups *all;
  unsigned slot, generations[CG_CONTROLLERS];
  int directories[CG_CONTROLLERS];
  int files[F_FILES];
  int oom_event; /* readable after an OOM; -1 on v2, where the kernel ends the whole box */
  /* At the start of the run. */
  uint64_t base_memory, base_cpu, base_user, base_system, base_ooms, base_hits;
  /* What is set, so that it is not set again. */
  uint64_t memory_limit, pids_limit, cpu_rate;
  unsigned residents; /* processes of ours that live in it: the spawner on v1 */
};

/* How much the box used; residents and the init of the box are not counted. */
struct cgroup_usage {
  uint64_t memory_peak, memory_limit;
  uint32_t pids_peak, ooms, hits, unkilled_ooms;
};
/* v1: makes the slot's cgroups. Null, or what failed. */
const char *slot_cgroup_open(struct slot_cgroup *cgroup, const struct cgroups *all, unsigned slot);
/* v1: a resident moves itself in. */
const char *slot_cgroup_join(const struct slot_cgroup *cgroup);
/* v2: a fresh leaf for the next box; its directory to be born in, -1 on v1 or on failure. */
int slot_cgroup_birthplace(struct slot_cgroup *cgroup);
/* Sets the limits of a run and notes where its accounts start. Null, or what failed. */
const char *slot_cgroup_begin(struct slot_cgroup *cgroup, const struct limits *limits);
uint64_t slot_cgroup_cpu(const struct slot_cgroup *cgroup);
uint32_t slot_cgroup_ooms(const struct slot_cgroup *cgroup);
uint32_t slot_cgroup_hits(const struct slot_cgroup *cgroup);
void slot_cgroup_measure(const struct slot_cgroup *cgroup, struct cgroup_usage *usage);
/* What the kernel sampled of both kinds of CPU time, in a unit of its own; init and residents are counted too. */
void slot_cgroup_parts(const struct slot_cgroup *cgroup, uint64_t *user, uint64_t *system);
/* Before a box is made: lifts limits of the last run that could be in its way. */
void slot_cgroup_rest(struct slot_cgroup *cgroup);
/* After everything of the run is dead and unmounted: makes the next run start from zero. On v1 the resident is
   moved to a fresh pids cgroup when this run raised the peak, which can't be reset. */
void slot_cgroup_end(struct slot_cgroup *cgroup, pid_t resident);

/* ---- box.c: from a clone to the program's first instruction ---- */

#define ARENA_SIZE (2 * MIB)
/* Where setting up a box stopped. */
enum box_stage { STAGE_NONE, STAGE_MOUNTS, STAGE_IDENTITY, STAGE_SECCOMP, STAGE_EXEC };

/*
 * One page range that the supervisor, the spawner and the init of the current box share, at the same address
 * in all of them. The program never has it: execve drops the mapping, and it can't trace init, which is not
 * dumpable.
 */
struct box_area {
  /* Written by the supervisor before a start, the uid before a box is made. */
  uid_t uid;
  struct limits limits;
  uint64_t processes_rlimit; /* 0 = a cgroup limits them */
  unsigned fd_count;
  int terminal; /* which of them, or -1 */
  char **argv, **env;
  const char *path; /* value of the box's PATH */
  size_t arena_used;
  /* Written by the kernel before the box runs: so it is known also when the spawner dies just then. */
  volatile pid_t init;
  /* Written in the box. */
  volatile uint64_t exec_at, ended_at;       /* now_ns; 0 = did not happen */
  volatile uint64_t setup_cpu;               /* ns that the program's process spent before exec */
  volatile uint64_t init_before, init_after; /* ns that init had spent when it had made the mounts, when the program ended */
  volatile uint32_t mounted;                 /* 1 = the program finds its files; a futex */
  volatile int stage, error;                 /* what failed */
  char failed[80];
  volatile int status;     /* wait status of the program, when ended_at is set */
  struct rusage resources; /* of all that init has buried, when nothing else lives in the box */
  _Alignas(16) char arena[];
};
/* Descriptors that init needs; after them the terminal's file system. */
enum box_fd { BOX_IMAGE, BOX_WORK, BOX_TEMPORARY, BOX_FDS };

struct box_area *box_area_make(void);
/* Forgets the last box. */
void box_area_reset(struct box_area *area);
/* Copies what the program is started with; false if arguments and environment are too large. */
bool box_area_fill(struct box_area *area, const struct run_request *run);
/* Says where setting up stopped, and why (errno). */
void box_failed(struct box_area *area, enum box_stage stage, const char *what);
/* No capability can be gained any more; 0, or not. A user namespace starts with all of them. */
int drop_bounding_set(void);
/* The first process of a box, just cloned. It waits for the descriptors of its mounts on `start`, its program for those that
   it begins with on `run`. The program sends its seccomp listener to `notify` when it waits (or nothing: see the area),
   init an empty message when the program has ended and nothing of it lives. */
_Noreturn void box_main(struct box_area *area, bool privileged, int start, int run, int notify);

/* ---- spawner.c ---- */

struct spawner {
  pid_t pid; /* -1 = none */
  int pidfd, socket;
  int start, run; /* where init and the program of a box get their descriptors from */
  int notify;     /* where a box says that it is ready, and that it is over */
};
extern const struct spawner no_spawner;
/* Starts it; on v1 it joins the slot's cgroups first. Null, or what failed. */
const char *spawner_start(struct spawner *spawner, struct box_area *area, const struct slot_cgroup *cgroup, bool privileged);
bool spawner_lives(const struct spawner *spawner);
void spawner_stop(struct spawner *spawner);
/* Asks for a box and does not wait; `birthplace` is its cgroup (v2) or -1. False when there is no spawner any more. */
bool spawner_ask(struct spawner *spawner, struct box_area *area, int birthplace);
/* The box that was asked for: its pidfd, a child of the caller, whose number is in the area; or -1 and errno
   (EPIPE: the spawner is dead, and there is no box). */
int spawner_take(struct spawner *spawner, struct box_area *area);

/* ---- mounts.c: what a slot and a box see ---- */

/* A detached tmpfs, or -1. */
int mount_tmpfs(uint64_t bytes, uint64_t inodes, uid_t uid, unsigned mode);
/* A detached file system of terminals of its own, or -1. */
int mount_terminals(void);
/* The slot's own root: images read-only, devices, nothing else of the host. Null, or what failed. */
const char *mounts_of_slot(const char *images, bool privileged);
/* Which directory an image is. */
struct image_id {
  dev_t device;
  ino_t inode;
};
/* A detached mount of an image's root, or -1 and why. */
int mount_image(const char image[65], bool privileged, struct image_id *id, char *why, size_t why_size);
/* Whether an image's root is this one still, and only ours. */
bool image_is(const char image[65], bool privileged, const struct image_id *id);
/* Changes the limits of an empty tmpfs, also where it is mounted already. */
bool resize_tmpfs(int mount, uint64_t bytes, uint64_t inodes);
/* Before a box has its descriptors: a /proc of its own and the devices, detached. Null, or what failed. */
const char *mounts_ahead(bool privileged, int *proc, int *devices);
/* Makes all of it the box's root and working directory; `terminals` may be -1. */
const char *mounts_of_box(const int fds[BOX_FDS], int proc, int devices, int terminals);

/* ---- seccomp.c: which system calls a box may make ---- */

#define REFUSED_KINDS 96
struct refused {
  uint32_t total, counts[REFUSED_KINDS];
};
/* Compiles the policy, once per slot. */
void seccomp_compile(void);
/* Puts the calling process under it for good; its listener, or -1. */
int seccomp_load(void);
/* Answers one refused call and counts it; false when none waits. */
bool seccomp_refuse_next(int listener, struct refused *refused);
/* Name of a counted call; null after the last. */
const char *seccomp_refused_name(unsigned kind);

/* ---- slot.c: a supervisor process that serves one client at a time, one run at a time ---- */

#define SLOTS_MAX 64
/* Boxes take turns: some of what the kernel counts per user (message queues) is given back a while after they end. */
#define SLOT_UIDS 64
/* What all slots share; made by main before it forks them. */
struct daemon {
  const char *images;
  unsigned slots;
  bool privileged; /* root; otherwise slots live in user namespaces */
  uid_t client_uid, uid_base;
  char instance[17], kernel[65];
  uint32_t isolation;
  int artifacts; /* directory */
  struct cgroups cgroups;
};

/* Our side of a descriptor of the program. */
struct stream {
  enum fd_kind kind;
  bool stop, ended;
  int ours;             /* non-blocking; -1 = none, or at its end */
  int onward;           /* of a recorded pipe: where what it carries goes */
  uint64_t passed_end_at; /* now_ns when its reader was told of its end; 0 = was not */
  unsigned watched;     /* events of `ours` in epoll; 0 = not in it */
  uint64_t cap, total;
  size_t window;        /* how much more may be sent to the client */
  struct writer bytes;  /* captured, recorded, or input that waits */
  size_t given;         /* how much of waiting input the program has */
};

/* ---- ahead.c: the box that is ready before its run ---- */

struct box {
  int init, program, listener; /* pidfds, and the program's; -1 = none */
  pid_t program_pid;
  bool mounted;                /* it has its image */
  struct image_id image;
  uint64_t disk, inodes;
  int work, temporary; /* mounts of /w and /tmp */
  int namespace;       /* the box's mount namespace, or -1 */
};
extern const struct box no_box;
/* What the last run of a slot had. */
struct wish {
  char image[65];
  bool repeated; /* the run before it had the same image */
  uint64_t disk, inodes;
};
struct slot;
void box_close(struct box *box);
/* Ends a box that nobody wants, and the spawner, whose sockets may hold its descriptors. */
void box_drop(struct slot *slot, struct box *box);
/* Makes the next box, with a spawner and a network namespace that are fit for it. Null, or what failed. */
const char *slot_warm(struct slot *slot);
/* The slot's box, or another one if it does not fit. Null, or what failed. */
const char *slot_take_box(struct slot *slot, const struct run_request *request, struct box *box);
/* Of a box that was not touched. */
void slot_give_back(struct slot *slot, struct box *box);

enum machine_file { M_SOCKETS, M_PRESSURE, M_STAT, M_LOAD, M_FILES };
struct slot {
  const struct daemon *daemon;
  unsigned number;
  uid_t uid;       /* of the current box, as the kernel of this namespace counts */
  uid_t first_uid; /* the first of its boxes' uids, for the host */
  unsigned turn;   /* which of them is next */
  unsigned processors;
  int client, broker;
  struct inbox inbox;
  struct writer outbox; /* what the client has not taken yet */
  struct slot_cgroup cgroup;
  struct spawner spawner;
  struct box_area *area;
  struct box box;  /* that is ready */
  struct box last; /* whose mounts are still there */
  struct wish wish;
  int epoll, wall_timer, check_timer, null;
  int proc, network;      /* directories: processes of the host; the network namespace that this process is in */
  int machine[M_FILES];   /* what the kernel tells of the whole machine; sockets: of the network namespace */
  uint64_t sockets;       /* of our own, so of all when no box is there */
  struct stream streams[FDS_MAX];
};
/* The supervisor's whole life. Writes one byte to `ready` (-1 = nobody waits) when the slot can serve. */
_Noreturn void slot_main(const struct daemon *daemon, unsigned number, int listener, int broker, int ready, pid_t parent);
/* Sources of events; those of a run are registered by it. A stream has its descriptor added to the last two. */
enum source { ON_CLIENT, ON_NOTIFY, ON_WALL, ON_CHECK, ON_OOM, ON_PIDS, ON_INIT, ON_LISTENER, ON_STREAM, ON_ONWARD = ON_STREAM + FDS_MAX };
bool slot_watch(const struct slot *slot, int fd, unsigned source, unsigned events);
/* Null, or what failed. */
const char *slot_start_spawner(struct slot *slot);
const char *slot_enter_network(struct slot *slot);
/* Of the network namespace. */
uint64_t slot_count_sockets(const struct slot *slot);
/* Sends what the client takes now; false when it is gone or takes too little. */
bool slot_flush(struct slot *slot, bool watched);

/* ---- run.c, watch.c, streams.c, census.c, answer.c: one run, from its request to its outcome ---- */

struct interference {
  uint64_t waited, stolen; /* ns */
  uint8_t waited_of;
  bool read;
};

struct running {
  struct slot *slot;
  const struct run_request *request;
  uint64_t received_at, died_at;
  struct box box;
  int image, terminals; /* detached mounts */
  bool touched;         /* the box is no longer as it was made */
  bool started;         /* the program has its descriptors */
  bool over;            /* nothing of the program lives any more */
  bool dead;            /* nor init */
  bool client_gone;
  enum status cause; /* why sandboxd killed it; STATUS_EXITED = it did not */
  uint64_t started_at, spawner_cpu, init_cpu, program_cpu, idle_cpu, idle_since;
  struct interference before, after;
  struct refused refused;
  uint64_t watched_memory; /* without a cgroup: the highest that was seen */
  uint32_t watched_processes;
  /* Known when it is over. */
  struct rusage resources;
  uint64_t voluntary, involuntary; /* switches, of a program that was stopped */
  int init_status;
  uint64_t cpu, file_bytes;
  struct cgroup_usage usage;
  char message[240];
};
/* Performs one run and answers it. False when the connection must be closed. */
bool run_perform(struct slot *slot, const struct run_request *request, uint64_t received_at);
/* CPU time of the program and its descendants so far, without what setting the box up has cost. */
uint64_t running_cpu(const struct running *running);
/* Kills the box for this reason; the first reason stays. */
void running_stop(struct running *running, enum status cause);
/* Handles one frame of the client; false when it can't be served any more. */
bool running_frame(struct running *running, struct reader frame);
/* Watches a run that was started until it is over. */
void running_watch(struct running *running);
/* After the answer. */
void running_unwatch(const struct running *running);
/* Decides the status, collects, keeps and answers. False when the client can't be reached. */
bool running_answer(struct running *running);
struct interference interference_now(const struct slot *slot, bool of_box);

/* Makes the program's descriptors; false and why. `theirs` are to be closed by the caller. */
bool streams_open(struct running *running, int theirs[FDS_MAX], struct refusal *refusal);
/* Its pipes to other runs are not waited for any more. */
void streams_forget(const struct running *running);
/* The program has its ends now. */
void streams_watch(struct running *running);
void stream_event(struct running *running, unsigned source);
/* Frames of the client for a stream; false = malformed. */
bool stream_frame(struct running *running, enum frame_type type, struct reader *frame);
/* All writers are ending: reads what they left, and waits for no more. */
void streams_last_words(struct running *running);
/* No process has the program's ends any more. */
void streams_finish(struct running *running);
/* When the first of its recorded pipes passed its end on; 0 = none did. */
uint64_t streams_passed_end_at(const struct running *running);
void streams_reset(struct slot *slot);

/* ---- pipes.c: pipes between runs ---- */

/* In main: answers one question of a supervisor. */
void pipes_answer(int broker);
/* In a supervisor: an end of the pipe of this name, or -1 and errno. */
int pipe_end(int broker, const uint8_t id[ID_SIZE], bool writes);
void pipe_forget(int broker, const uint8_t id[ID_SIZE]);

/* Without cgroups: looks at every process of the box. */
struct census {
  uint64_t cpu, memory; /* ns, bytes */
  uint32_t processes;
  /* What else is looked at, thread by thread, until it is enough; nothing for the limits, which are looked at often. */
  enum { CENSUS_SUMS, CENSUS_STATES, CENSUS_SWITCHES } wanted;
  bool held_up, enough;
  uint64_t voluntary, involuntary;
  uint32_t threads;
};
struct census census_of(const struct slot *slot, pid_t init);
bool box_is_held_up(const struct slot *slot, pid_t init);
struct census switches_of(const struct slot *slot, pid_t init);

/* ---- state.c: what outlives a kill -9, and how the next start removes it ---- */

struct state {
  int directory, lock, uid_lock;
  unsigned uid_block;
  char uid_lock_path[64], id[17];
};
/* Opens and locks it, or fails. */
void state_open(struct state *state, const char *path);
/* Removes what an earlier instance left; false if something stays. */
bool state_recover(const struct state *state);
void state_note_cgroups(const struct state *state, const struct cgroups *cgroups);
/* A directory of this name in it, made if needed. */
int state_directory(const struct state *state, const char *name);
/* Uids for all slots that no other instance of this machine has. */
void state_take_uids(struct state *state);
void state_close(struct state *state);

/* ---- probe.c: what this machine can enforce ---- */

/* Null, or a sentence that says what is missing. */
const char *probe_required(void);
void probe_print(void);
/* For an ordinary user: a user namespace in which this process is root. Null, or what failed. */
const char *enter_user_namespace(void);
uint32_t isolation_of(const struct cgroups *cgroups, bool privileged);
