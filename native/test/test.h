/* The harness: one sandboxd in a directory of its own, tests that use it, checks that count. */
#pragma once

#include "client.h"

#include <stdio.h>
#include <string.h>

struct world {
  const char *sandboxd, *inside; /* programs under test */
  char directory[64], state[80], run[80], images[80];
  char image[65];
  uid_t user; /* under which sandboxd runs */
  pid_t daemon;
  char ready[256]; /* its first line */
  unsigned slots;
};

extern struct world world;

struct test {
  const char *name;
  void (*run)(void);
};

extern const struct test wire_tests[], request_tests[], outcome_tests[], limits_tests[], streams_tests[], terminal_tests[], held_tests[], escape_tests[], shared_tests[],
    client_tests[], files_tests[], life_tests[], options_tests[];

/* A check that fails is told and ends the test. */
#define CHECK(condition, ...)                                             \
  do {                                                                    \
    if (!(condition)) {                                                   \
      check_failed(__FILE__, __LINE__, #condition, " " __VA_ARGS__);       \
      return;                                                             \
    }                                                                     \
  } while (0)
void check_failed(const char *file, int line, const char *condition, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The test can't be done here; says why. */
void skip(const char *reason);

/* Its directories, and the smallest image: this program as /bin/NAME. */
void world_make(const char *program, const char *name);
void world_remove(void);
/* Starts sandboxd for the world's directories and waits until it serves. */
bool world_start(unsigned slots);
/* SIGTERM; its exit code, or -1. */
int world_stop(void);
/* What the names of its cgroups begin with. */
void world_cgroups(char prefix[32]);

/* A connection that has greeted; the slot's uid if wanted. */
int slot_connect(unsigned slot, uid_t *uid);
/* `inside` with these arguments, up to a null. */
struct spec inside_spec(const char *argument, ...);
struct outcome run_spec(const struct spec *spec);
/* `inside mode` exits by itself, writes exactly this, and these calls of it were refused. */
void check_lines(const char *mode, const char *expected, const char *refused);

/* Runs a program of the host; its exit code, and what it printed on both streams. */
int run_host(char *const *argv, char *output, size_t size);

/* Looks until it is so, at most ten seconds. */
bool until(bool (*condition)(const void *), const void *argument);

/* Processes of the host; name may be null. A uid of (uid_t)-1 is any, others stand for their block of 64. 0 = none. */
pid_t find_process(uid_t uid, const char *name);
bool process_is_ready(const void *uid);   /* uid_t * : one named "ready" exists */
bool no_process_of(const void *uid);      /* uid_t * */
pid_t parent_of(pid_t pid);
/* Children of a process, in order of their pids. */
unsigned children_of(pid_t pid, pid_t *children, unsigned most);
/* Directories in the cgroup file systems with this name in their path. */
unsigned count_cgroups(const char *name);
