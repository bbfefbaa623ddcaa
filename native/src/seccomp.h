/* Which system calls a box may make. */
#pragma once

#include "util.h"

/* Compiles the filter; once per process, before boxes are made. */
void seccomp_compile(void);

/* Loads the filter for the calling thread, which must have no_new_privs: the listener's
   descriptor, or -1 and errno. */
int seccomp_load(void);

#define REFUSED_KINDS 96

/* How often each known dangerous call was refused in one run. */
struct refused {
  uint32_t total;
  uint32_t counts[REFUSED_KINDS];
};

/* Answers one waiting call with EPERM and counts it; false if there was none. */
bool seccomp_refuse_next(int listener, struct refused *refused);

/* Names of counted calls: null when there is no call of this index. */
const char *seccomp_refused_name(unsigned kind);
