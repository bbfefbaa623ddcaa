/* One slot: a supervisor process that serves one client at a time, one run at a time. */
#pragma once

#include "box.h"
#include "cgroup.h"
#include "output.h"
#include "spawner.h"
#include "wire.h"

#define SLOTS_MAX 64

enum isolation {
  ISOLATION_NAMESPACES = 1,
  ISOLATION_NETWORK = 2,
  ISOLATION_MEMORY = 4,
  ISOLATION_SWAP = 8,
  ISOLATION_PROCESSES = 16,
  ISOLATION_CPU = 32,
  ISOLATION_SECCOMP = 64,
  ISOLATION_NO_CAPABILITIES = 128,
  ISOLATION_CGROUP_NAMESPACE = 256,
  ISOLATION_UID = 512,
  ISOLATION_CGROUP_V2 = 1024,
};

/* What all slots share; made by main before it forks them. */
struct daemon {
  const char *images;
  unsigned slots;
  uid_t client_uid, uid_base;
  char instance[17];
  char kernel[65];
  uint32_t isolation;
  int artifacts; /* directory */
  struct cgroups cgroups;
};

struct slot {
  const struct daemon *daemon;
  unsigned number;
  uid_t uid;
  unsigned processors;
  int client;
  struct inbox inbox;
  struct slot_cgroup cgroup;
  struct spawner spawner;
  struct box_area *area;
  int epoll, wall_timer, check_timer, null;
  int network;      /* directory: what the kernel tells of the network namespace that this process is in */
  int sockstat;     /* its file that counts sockets */
  uint64_t sockets; /* of our own, so of all when no box is there */
  struct capture out, err;
};

/* The supervisor's whole life. Writes one byte to `ready` (-1 = nobody waits)
   when the slot can serve. */
_Noreturn void slot_main(const struct daemon *daemon, unsigned number, int listener, int ready, pid_t parent);

/* Sources of events; those of a run are registered by it. */
enum source { ON_CLIENT, ON_NOTIFY, ON_WALL, ON_CHECK, ON_OOM, ON_INIT, ON_OUT, ON_ERR, ON_LISTENER };
bool slot_watch(const struct slot *slot, int fd, enum source source);

/* Starts the slot's spawner anew if there is none. Null, or what failed. */
const char *slot_spawner(struct slot *slot);

/* Makes sure that no box before has left anything in the slot's network namespace. Null, or what failed. */
const char *slot_network(struct slot *slot);

/* Performs one run and answers it. False when the connection must be closed. */
bool run_perform(struct slot *slot, const struct run_request *request, uint64_t received_at);
