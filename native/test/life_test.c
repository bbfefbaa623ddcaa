/* Ends of clients, supervisors, spawners and sandboxd itself; and what is left after many runs. */
#include "held.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>


static pid_t start_pausing(int client, uid_t uid) {
  struct spec spec = inside_spec("pause", NULL);
  if (!client_start(client, &spec) || !until(process_is_ready, &uid)) return 0;
  return find_process(uid, "ready");
}

static bool serves(const void *slot) {
  AUTO_CLOSE int client = slot_connect(*(const unsigned *)slot, NULL);
  struct spec spec = inside_spec("exit", "4", NULL);
  if (client < 0) return false;
  struct outcome outcome = client_run(client, &spec);
  bool good = outcome.type == FRAME_OUTCOME && outcome.exit_code == 4;
  outcome_free(&outcome);
  return good;
}

static void test_cancel(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  CHECK(client_cancel(client, 1));
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.status == STATUS_CANCELLED && !strcmp(outcome.out, "before the pause\n"), "%u", outcome.status);
  CHECK(no_process_of(&uid));
  outcome_free(&outcome);
}

static void test_disconnect(void) {
  uid_t uid;
  int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  close(client);
  CHECK(until(no_process_of, &uid), "the box outlives its client");
  unsigned slot = 0;
  CHECK(serves(&slot));
}

/* It sends, and never reads: the slot must not wait for it for ever. */
static void test_client_that_does_not_read(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec spec = inside_spec("output", "8000000", NULL);
  spec.stdout_cap = 8 * MIB;
  CHECK(client_start(client, &spec));
  unsigned slot = 0;
  CHECK(serves(&slot));
}

static void test_next_client_waits(void) {
  uid_t uid;
  int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  char path[128];
  snprintf(path, sizeof path, "%s/slot-0.sock", world.run);
  AUTO_CLOSE int next = client_connect(path, 30);
  struct writer hello = {0};
  put_uint(&hello, 2, WIRE_VERSION);
  CHECK(next >= 0 && client_send(next, FRAME_HELLO, &hello));
  free(hello.data);
  close(client);
  size_t size;
  uint8_t *frame = client_receive(next, &size);
  CHECK(frame && frame[0] == FRAME_HELLO_REPLY);
  free(frame);
}

static void test_init_killed(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  pid_t program = start_pausing(client, uid);
  CHECK(program && !kill(parent_of(program), SIGKILL));
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.status == STATUS_PLATFORM && strstr(outcome.message, "signal 9"), "%u %s", outcome.status, outcome.message);
  outcome_free(&outcome);
}

static void test_supervisor_killed(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(1, &uid);
  pid_t program = start_pausing(client, uid), supervisor = parent_of(parent_of(program));
  CHECK(program && parent_of(supervisor) == world.daemon);
  CHECK(!kill(supervisor, SIGKILL));
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.type == 0, "the connection ends");
  CHECK(until(no_process_of, &uid));
  unsigned slot = 1;
  CHECK(until(serves, &slot));
  outcome_free(&outcome);
}

static bool not_a_child(const void *pids) {
  const pid_t *pair = pids;
  return parent_of(pair[1]) != pair[0];
}

static void test_spawner_killed(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(1, &uid);
  pid_t program = start_pausing(client, uid), init = parent_of(program), supervisor = parent_of(init), children[8];
  unsigned count = children_of(supervisor, children, COUNT_OF(children)), killed = 0;
  for (unsigned i = 0; i < count; i++) {
    if (children[i] == init) continue;
    CHECK(!kill(children[i], SIGKILL));
    CHECK(until(not_a_child, (pid_t[]){supervisor, children[i]}));
    killed++;
  }
  CHECK(killed == 1, "%u children", count);
  CHECK(client_cancel(client, 1));
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.status == STATUS_CANCELLED, "the running box is not affected: %u", outcome.status);
  outcome_free(&outcome);
  struct spec spec = inside_spec("exit", "2", NULL);
  outcome = client_run(client, &spec);
  CHECK(outcome.status == 0 && outcome.exit_code == 2, "%s", outcome.message);
  outcome_free(&outcome);
}

static bool all_gone(const void *supervisors) {
  for (const pid_t *pid = supervisors; *pid; pid++)
    if (parent_of(*pid)) return false;
  return true;
}

static void test_daemon_killed(void) {
  uid_t uid;
  char prefix[32];
  pid_t supervisors[8] = {0};
  AUTO_CLOSE int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  world_cgroups(prefix);
  unsigned before = count_cgroups(prefix);
  CHECK(children_of(world.daemon, supervisors, 7) == world.slots);
  CHECK(!kill(world.daemon, SIGKILL) && waitpid(world.daemon, NULL, 0) == world.daemon);
  CHECK(until(no_process_of, &uid), "a box outlives sandboxd");
  CHECK(until(all_gone, supervisors), "a supervisor outlives sandboxd");
  CHECK(count_cgroups(prefix) == before, "only a restart removes them");
  CHECK(world_start(world.slots), "%s", world.ready);
  char after[32];
  world_cgroups(after);
  unsigned slot = 0;
  CHECK(!strcmp(prefix, after) && serves(&slot));
}

static unsigned count_entries(const char *path) {
  DIR *directory = opendir(path);
  unsigned count = 0;
  for (struct dirent *entry; directory && (entry = readdir(directory));) count += entry->d_name[0] != '.';
  if (directory) closedir(directory);
  return count;
}

static void test_clean_after_kill(void) {
  char prefix[32], path[128];
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec spec = inside_spec("write", "file", "x", NULL);
  spec.keep = true;
  struct outcome outcome = client_run(client, &spec);
  CHECK(outcome.artifact_entries == 1);
  outcome_free(&outcome);
  world_cgroups(prefix);
  CHECK(!kill(world.daemon, SIGKILL) && waitpid(world.daemon, NULL, 0) == world.daemon);
  char output[1024], *argv[] = {(char *)world.sandboxd, "--clean", "--state", world.state, NULL};
  CHECK(run_host(argv, output, sizeof output) == 0, "%s", output);
  CHECK(count_cgroups(prefix) == 0);
  snprintf(path, sizeof path, "%s/artifacts", world.state);
  CHECK(access(path, F_OK) != 0);
  CHECK(world_start(world.slots));
}

static void test_stop_leaves_nothing(void) {
  char prefix[32];
  uid_t uid;
  pid_t supervisors[8], below[16];
  AUTO_CLOSE int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  world_cgroups(prefix);
  CHECK(count_cgroups(prefix) > 0);
  unsigned slots = children_of(world.daemon, supervisors, COUNT_OF(supervisors)), count = 0;
  for (unsigned i = 0; i < slots; i++) count += children_of(supervisors[i], below + count, 8);
  CHECK(count == 2 * world.slots, "spawners and boxes: %u", count);
  CHECK(world_stop() == 0);
  for (unsigned i = 0; i < count; i++) CHECK(kill(below[i], 0) && errno == ESRCH, "not even as a zombie");
  CHECK(no_process_of(&uid));
  CHECK(count_cgroups(prefix) == 0);
  CHECK(count_entries(world.run) == 0, "sockets");
  CHECK(count_entries(world.state) == 2, "id and lock");
  CHECK(world_start(world.slots));
}

/* All kinds of runs and ends in turn. */
static void many_runs(unsigned count) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  static const uint8_t all[ID_SIZE];
  for (unsigned i = 0; i < count; i++) {
    struct spec specs[] = {inside_spec("exit", "0", NULL),       inside_spec("output", "200000", NULL),
                           inside_spec("processes", "3", NULL),  inside_spec("tricks", NULL),
                           inside_spec("refused-calls", NULL),   inside_spec("no such mode", NULL),
                           inside_spec("write", "f", "x", NULL), inside_spec("exit", "0", NULL)};
    unsigned kind = i % COUNT_OF(specs);
    if (i % 50 == 7) specs[kind].limits.memory = MIB;
    if (kind == 6) specs[kind].keep = true;
    if (kind == 7) specs[kind].argv[0] = "/no/such";
    struct outcome outcome = client_run(client, &specs[kind]);
    CHECK(outcome.type == FRAME_OUTCOME && outcome.status != STATUS_PLATFORM, "run %u: %s", i, outcome.message);
    outcome_free(&outcome);
    if (i % 100 == 99) {
      CHECK(client_forget(client, all) > 0);
      close_fd(&client);
      client = slot_connect(0, NULL);
    }
  }
  /* The slot has put everything away when it has closed its end. */
  char byte;
  CHECK(!shutdown(client, SHUT_WR) && recv(client, &byte, 1, 0) == 0);
}

static void test_nothing_grows(void) {
  many_runs(400);
  struct held early = calm_held();
  many_runs(2000);
  struct held late = calm_held();
  CHECK(held_is_same(&early, &late, 128));
}

const struct test life_tests[] = {{"cancel", test_cancel},
                                  {"a box ends with its client", test_disconnect},
                                  {"the next client waits", test_next_client_waits},
                                  {"a client that does not read", test_client_that_does_not_read},
                                  {"init killed from outside", test_init_killed},
                                  {"supervisor killed", test_supervisor_killed},
                                  {"spawner killed", test_spawner_killed},
                                  {"sandboxd killed and started again", test_daemon_killed},
                                  {"sandboxd killed and cleaned", test_clean_after_kill},
                                  {"sandboxd stopped", test_stop_leaves_nothing},
                                  {"nothing grows over 2000 runs", test_nothing_grows},
                                  {0}};
