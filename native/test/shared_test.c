/* What boxes share with each other and with the host: the kernel, the image, a slot's processes. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* One box could see which files of the image another one uses. */
static void test_watching(void) {
  check_lines("watch", "inotify ENOSYS\ndnotify EPERM\nhint EPERM\nfile-hint EPERM\nlock ok\n", "fcntl=3 ");
}

static void test_disks(void) {
  check_lines("disks",
              "sync ok\nsyncfs ok\nfsync ok\nfdatasync ok\nsync_file_range ok\nmsync ok\nfadvise64 ok\nreadahead ok\n", "");
}

static void test_hoarding(void) {
  check_lines("hoard", "io_setup ENOSYS\nfilter EPERM\noption ok\nsched-core EPERM\n", "setsockopt=1 prctl=1 ");
}

static void test_ioctls(void) {
  check_lines("ioctls", "pipe ok\ncloexec ok\nnonblocking ok\nterminal ENOTTY\nflags ENOTTY\nextents ENOTTY\nnamespace ENOTTY\n", "");
}

/* A host may hand dumps to a program that runs as root, unless the limit is 1. */
static void test_core_limit(void) {
  check_lines("core", "set ok\n1 1\nset-by-prlimit ok\n1 1\nstack ok\n65536 65536\n", "");
}

/* An open file that two boxes had one after the other would carry its flags from one to the next. */
static void test_input_is_fresh(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec spec = inside_spec("mark-input", NULL);
  for (unsigned i = 0; i < 2; i++) {
    struct outcome outcome = client_run(client, &spec);
    CHECK(!strcmp(outcome.out, "0 0\n"), "run %u: %s", i, outcome.out);
    outcome_free(&outcome);
  }
}

/* A socket on its way through itself outlives its owners until the kernel collects it. */
static void test_buried_sockets(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec burying = inside_spec("bury-socket", NULL), seeking = inside_spec("find-shared", NULL);
  for (unsigned i = 0; i < 20; i++) {
    struct outcome buried = client_run(client, &burying), found = client_run(client, &seeking);
    CHECK(buried.status == 0 && buried.exit_code == 0, "%d", buried.exit_code);
    CHECK(!strncmp(found.out, "abstract ECONNREFUSED\n", 22), "round %u: %s", i, found.out);
    outcome_free(&buried);
    outcome_free(&found);
  }
}

/* The one child of a supervisor that is in its namespace of processes. */
static pid_t spawner_of(const pid_t *children, unsigned count) {
  char path[32], own[64] = {0}, its[64];
  pid_t found = 0;
  if (readlink("/proc/self/ns/pid", own, sizeof own - 1) < 0) return 0;
  for (unsigned i = 0; i < count; i++) {
    memset(its, 0, sizeof its);
    snprintf(path, sizeof path, "/proc/%d/ns/pid", children[i]);
    if (readlink(path, its, sizeof its - 1) > 0 && !strcmp(own, its)) found = children[i];
  }
  return found;
}

/* An answer comes before the slot has made its next spawner. */
static bool has_spawner(const void *supervisor) {
  pid_t children[8];
  return spawner_of(children, children_of(*(const pid_t *)supervisor, children, COUNT_OF(children))) != 0;
}

/* Whenever a spawner dies, each run has one answer and one box. */
static void test_spawner_killed_any_time(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  pid_t supervisors[8], children[8], supervisor = 0;
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.argv[1] = "count-self";
  CHECK(children_of(world.daemon, supervisors, COUNT_OF(supervisors)) == world.slots);
  for (unsigned i = 0; i < world.slots; i++)
    if (supervisors[i] < supervisor || !supervisor) supervisor = supervisors[i];
  for (unsigned i = 0; i < 60; i++) {
    struct outcome outcome = client_run(client, &spec);
    CHECK(outcome.type == FRAME_OUTCOME && outcome.status == 0 && !strcmp(outcome.out, "ran\n"), "run %u: %u %s %s", i,
          outcome.type, outcome.message, outcome.out);
    outcome_free(&outcome);
    CHECK(until(has_spawner, &supervisor), "run %u: no spawner", i);
    unsigned count = children_of(supervisor, children, COUNT_OF(children));
    pid_t spawner = spawner_of(children, count);
    CHECK(spawner && count <= 2, "run %u: %u children", i, count);
    CHECK(client_start(client, &spec));
    for (unsigned spin = i * 900; spin > 0; spin--) __asm__ volatile("");
    kill(spawner, SIGKILL);
    outcome = client_outcome(client);
    CHECK(outcome.type == FRAME_OUTCOME && outcome.status == 0 && !strcmp(outcome.out, "ran\n"), "killed in run %u: %u %u %s %s",
          i, outcome.type, outcome.status, outcome.message, outcome.out);
    outcome_free(&outcome);
  }
}

const struct test shared_tests[] = {{"uses of the image can't be watched", test_watching},
                                    {"disks of the host do not work for a box", test_disks},
                                    {"what is limited for the whole machine can't be hoarded", test_hoarding},
                                    {"only common ioctls reach the kernel", test_ioctls},
                                    {"crashes start no program of the host", test_core_limit},
                                    {"empty stdin is fresh", test_input_is_fresh},
                                    {"sockets in flight do not reach the next box", test_buried_sockets},
                                    {"spawner killed at any moment", test_spawner_killed_any_time},
                                    {0}};
