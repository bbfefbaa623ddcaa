/* What outlives a sandboxd that was killed, and how the next one removes it. */
#pragma once

#include "cgroup.h"

struct state {
  int directory, lock, uid_lock;
  char id[17];
  char uid_lock_path[64];
  unsigned uid_block;
};

/* Opens and locks the state directory, waiting a bounded time for the processes of the last owner to
   be gone. Exits with a sentence if it can't. */
void state_open(struct state *state, const char *path);
/* Removes cgroups with their processes, artifacts and notes of the last owner. False if something
   could not be removed. */
bool state_recover(const struct state *state);
/* Notes where this instance makes cgroups, before it makes them. */
void state_note_cgroups(const struct state *state, const struct cgroups *cgroups);
/* An empty artifacts directory. */
int state_artifacts(const struct state *state);
/* Takes a block of uids that no other sandboxd of this machine uses. */
void state_take_uids(struct state *state);
/* Removes everything but the directory and its id. */
void state_close(struct state *state);
