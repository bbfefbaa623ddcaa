/* What sandboxd holds of the machine: the sum over all its processes. */
#pragma once

#include <stdbool.h>

struct held {
  unsigned processes, zombies, descriptors, mounts, cgroups;
  unsigned long memory_kib; /* of main and its supervisors, without that of files */
};

/* Of the world's sandboxd. Only comparable while no run is in flight. */
struct held count_held(void);
/* The same once the boxes that are made ahead have been made. */
struct held calm_held(void);

/* Prints every number that is not as before, and says whether all are. Memory may have grown by so much. */
bool held_is_same(const struct held *early, const struct held *late, unsigned long slack_kib);
