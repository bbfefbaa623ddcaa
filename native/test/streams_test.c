/* Streams between a program and a client: both ways, with windows, caps and ends. */
#include "live.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/utsname.h>

#define KIB 1024
#define PIPE (64 * KIB)
#define MUCH ((uint64_t)1 << 40)

static const struct fd_spec output = {.kind = FD_OUTPUT, .cap = MUCH};

/* Input, output and captured errors. */
static struct spec stream_spec(const char *mode, const char *argument) {
  struct spec spec = inside_spec(mode, argument, NULL);
  spec.id = 41;
  spec.fds[0] = (struct fd_spec){.kind = FD_INPUT};
  spec.fds[1] = output;
  spec.fds[2] = (struct fd_spec){.kind = FD_CAPTURE, .cap = 65536};
  spec.fd_count = 3;
  return spec;
}

static bool ended_with(struct live *live, unsigned status, int exit_code) {
  const struct outcome *end = live_end(live);
  if (end->type == FRAME_OUTCOME && end->status == status && end->exit_code == exit_code) return true;
  printf("  type %u, status %u, exit code %d, signal %d: %s\n", end->type, end->status, end->exit_code, end->signal, end->message);
  return false;
}

static bool ended_cancelled(struct live *live) {
  return client_cancel(live->client, live->id) && ended_with(live, STATUS_CANCELLED, -1);
}

static void test_both_ways(void) {
  const size_t size = 2 * MIB;
  char *bytes = malloc(size);
  for (size_t i = 0; i < size; i++) bytes[i] = (char)(i * 31 >> 3);
  struct spec spec = stream_spec("cat", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  for (size_t sent = 0; sent < size; sent += PIPE) {
    CHECK(live_took(&live, 0, sent < WINDOW - PIPE ? 0 : sent - (WINDOW - PIPE)), "%zu", sent);
    CHECK(client_input(live.client, live.id, 0, bytes + sent, PIPE));
  }
  CHECK(live_says(&live, 0, ""), "the end");
  CHECK(ended_with(&live, STATUS_EXITED, 0));
  CHECK(live.taken[0] == size && live.outcome.fds[0].total == size && live.outcome.fds[1].total == size);
  CHECK(live.outcome.fds[1].size == 0, "what was sent is not sent again");
  CHECK(live.size[1] == size && !memcmp(live.heard[1], bytes, size));
  free(bytes);
}

static void test_input_window(void) {
  static char bytes[WINDOW + 1];
  struct spec spec = stream_spec("pause", NULL);
  for (unsigned more = 0; more < 2; more++) {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_hears(&live, 1, "before the pause"));
    CHECK(client_input(live.client, live.id, 0, bytes, WINDOW));
    CHECK(live_took(&live, 0, 1) && live.taken[0] < WINDOW, "a pipe has no room for all: %llu", (unsigned long long)live.taken[0]);
    CHECK(client_input(live.client, live.id, 0, bytes, live.taken[0] + more));
    if (more) CHECK(live_fails(&live, ERROR_MALFORMED) && until(no_process_of, &live.uid));
    else CHECK(ended_cancelled(&live));
  }
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 1, "before the pause"));
  CHECK(client_input(live.client, live.id, 0, bytes, WINDOW + 1) && live_fails(&live, ERROR_MALFORMED));
}

/* Blocked in a write, the program is where its window and its pipe leave it, and can be ended there. */
static void test_output_window(void) {
  struct spec spec = stream_spec("output", "4000000");
  AUTO_LIVE struct live live = live_start(0, &spec);
  live.withhold = true;
  CHECK(live_has(&live, 1, WINDOW) && live.size[1] == WINDOW, "%zu", live.size[1]);
  CHECK(ended_cancelled(&live));
  CHECK(live.outcome.fds[1].total == live.size[1] && live.size[1] <= WINDOW + PIPE, "and what was in the pipe: %zu", live.size[1]);
  CHECK(no_process_of(&live.uid));
}

static void test_window_reopens(void) {
  struct spec spec = stream_spec("output", "1000000");
  AUTO_LIVE struct live live = live_start(0, &spec);
  live.withhold = true;
  CHECK(live_has(&live, 1, WINDOW));
  CHECK(client_taken(live.client, live.id, 1, 1) && live_has(&live, 1, WINDOW + 1) && live.size[1] == WINDOW + 1);
  live.withhold = false;
  CHECK(client_taken(live.client, live.id, 1, WINDOW));
  CHECK(ended_with(&live, STATUS_EXITED, 0) && live.size[1] == 1000000, "%zu", live.size[1]);
}

static void test_more_taken_than_sent(void) {
  struct spec spec = stream_spec("pause", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  live.withhold = true;
  CHECK(live_hears(&live, 1, "before the pause\n"));
  CHECK(client_taken(live.client, live.id, 1, (uint32_t)live.size[1] + 1) && live_fails(&live, ERROR_MALFORMED));
  CHECK(until(no_process_of, &live.uid));
}

static void test_closed_input(void) {
  static char bytes[WINDOW];
  struct spec spec = stream_spec("close-input", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 1, "closed"));
  CHECK(client_input(live.client, live.id, 0, bytes, WINDOW) && live_took(&live, 0, WINDOW));
  CHECK(client_input(live.client, live.id, 0, bytes, WINDOW) && live_took(&live, 0, 2 * WINDOW));
  CHECK(live_says(&live, 0, "") && ended_cancelled(&live));
  CHECK(live.outcome.fds[0].total <= PIPE, "no more than a pipe of it was given: %llu", (unsigned long long)live.outcome.fds[0].total);
}

static void test_output_caps(void) {
  struct spec spec = stream_spec("output", "1000000");
  spec.fds[1].cap = 1000;
  {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(ended_with(&live, STATUS_EXITED, 0));
    CHECK(live.size[1] == 1000 && live.outcome.fds[1].total == 1000000, "%zu", live.size[1]);
  }
  spec.fds[1].stop = true;
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(ended_with(&live, STATUS_OUTPUT_LIMIT, -1));
  CHECK(live.size[1] == 1000 && live.outcome.fds[1].total > 1000, "%zu", live.size[1]);
}

static void test_same(void) {
  struct spec spec = stream_spec("reopen", NULL);
  spec.fds[2] = (struct fd_spec){.kind = FD_SAME, .same = 1};
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(ended_with(&live, STATUS_EXITED, 0));
  CHECK(live_hears(&live, 1, "/dev/stdin read ok") && live_hears(&live, 1, "again"), "both in one: %s", live.heard[1]);
  CHECK(live.outcome.fds[2].total == 0 && live.size[2] == 0);
}

static void test_reopening(void) {
  struct spec spec = stream_spec("reopen", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(ended_with(&live, STATUS_EXITED, 0));
  CHECK(!strcmp(live.outcome.err, "/dev/stdin read ok\n/dev/stdout write ok\n/dev/stdin write EACCES\n/dev/stdin both EACCES\n"
                                  "/dev/stdout read EACCES\n/dev/stdout both EACCES\n"), "%s", live.outcome.err);
  CHECK(live_hears(&live, 1, "again"));
}

static void test_sixteen(void) {
  static const char letters[] = "abcdefghijklmnop";
  struct spec spec = stream_spec("gather", "16");
  spec.fd_count = FDS_MAX;
  for (unsigned i = 3; i < FDS_MAX - 1; i++)
    spec.fds[i] = i % 2 ? (struct fd_spec){.kind = FD_INPUT} : (struct fd_spec){.kind = FD_CONTENT, .bytes = letters + i, .size = 1};
  spec.fds[FDS_MAX - 1] = output;
  AUTO_LIVE struct live live = live_start(0, &spec);
  for (unsigned i = 3; i < FDS_MAX - 1; i += 2)
    CHECK(client_input(live.client, live.id, (uint8_t)i, letters + i, 1) && client_input(live.client, live.id, (uint8_t)i, "", 0));
  CHECK(ended_with(&live, STATUS_EXITED, 0));
  CHECK(live.outcome.fd_count == FDS_MAX && live.size[15] == 12 && !memcmp(live.heard[15], letters + 3, 12));
}

static void test_signal(void) {
  struct utsname host;
  int major = 0, minor = 0;
  uname(&host);
  sscanf(host.release, "%d.%d", &major, &minor);
  bool groups = major > 6 || (major == 6 && minor >= 9);
  static const uint8_t signals[] = {SIGUSR1, SIGTERM, SIGHUP};
  for (unsigned i = 0; i < COUNT_OF(signals); i++) {
    struct spec spec = stream_spec("catch", groups ? "with a child" : NULL);
    char main[32], child[32];
    snprintf(main, sizeof main, "main %u\n", signals[i]);
    snprintf(child, sizeof child, "child %u\n", signals[i]);
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_hears(&live, 1, "ready") && client_tell(live.client, FRAME_SIGNAL, live.id, &signals[i], 1));
    CHECK(ended_with(&live, STATUS_EXITED, 0));
    CHECK(live_hears(&live, 1, main) && (!groups || live_hears(&live, 1, child)), "%s", live.heard[1]);
  }
}

static void test_killing_signal(void) {
  static const uint8_t bad[] = {0, 65, 255}, kill = SIGKILL;
  struct spec spec = stream_spec("pause", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 1, "before the pause"));
  for (unsigned i = 0; i < COUNT_OF(bad); i++) CHECK(client_tell(live.client, FRAME_SIGNAL, live.id, &bad[i], 1));
  CHECK(client_tell(live.client, FRAME_SIGNAL, live.id, &kill, 1) && ended_with(&live, STATUS_SIGNALLED, -1));
  CHECK(live.outcome.signal == SIGKILL);
}

/* Each ends the run with error 1. */
static void test_frames_that_do_not_fit(void) {
  static const struct {
    const char *what;
    uint8_t type, bytes[12];
    size_t size;
  } cases[] = {{"input without a descriptor", FRAME_INPUT, {0}, 0},
               {"input of an output", FRAME_INPUT, {1, 'x'}, 2},
               {"input of a capture", FRAME_INPUT, {2, 'x'}, 2},
               {"input of no descriptor", FRAME_INPUT, {3, 'x'}, 2},
               {"input of descriptor 255", FRAME_INPUT, {255}, 1},
               {"taken of an input", FRAME_TAKEN, {0, 0, 0, 0, 0}, 5},
               {"taken too short", FRAME_TAKEN, {1, 0, 0, 0}, 4},
               {"taken of everything", FRAME_TAKEN, {1, 255, 255, 255, 255}, 5},
               {"resize of an output", FRAME_RESIZE, {1, 24, 0, 80, 0, 0, 0, 0, 0}, 9},
               {"resize too short", FRAME_RESIZE, {0, 24, 0}, 3},
               {"a signal without number", FRAME_SIGNAL, {0}, 0},
               {"a signal and more", FRAME_SIGNAL, {SIGCONT, 0}, 2},
               {"go and more", FRAME_GO, {0}, 1},
               {"cancel and more", FRAME_CANCEL, {0}, 1}};
  struct spec spec = stream_spec("pause", NULL);
  for (unsigned i = 0; i < COUNT_OF(cases); i++) {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_hears(&live, 1, "before the pause"));
    CHECK(client_tell(live.client, cases[i].type, live.id, cases[i].bytes, cases[i].size));
    CHECK(live_fails(&live, ERROR_MALFORMED) && until(no_process_of, &live.uid), "%s", cases[i].what);
  }
}

static void test_input_after_its_end(void) {
  struct spec spec = stream_spec("pause", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 1, "before the pause"));
  CHECK(live_says(&live, 0, "") && live_says(&live, 0, ""), "an end twice is one");
  CHECK(live_says(&live, 0, "x") && live_fails(&live, ERROR_MALFORMED));
}

/* Of a run that is not in flight, before, beside and after the one that is. */
static void test_other_ids(void) {
  static const uint8_t types[] = {FRAME_CANCEL, FRAME_INPUT, FRAME_RESIZE, FRAME_SIGNAL, FRAME_TAKEN, FRAME_GO};
  static const uint8_t bytes[] = {1, SIGKILL, 0, 0, 0, 0, 0, 0, 0};
  struct spec spec = stream_spec("cat", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  for (unsigned i = 0; i < 2 * COUNT_OF(types); i++) {
    size_t size = i % 2 ? sizeof bytes : 0;
    CHECK(client_tell(live.client, types[i / 2], live.id + 1, bytes, types[i / 2] == FRAME_CANCEL ? 0 : size));
  }
  CHECK(live_says(&live, 0, "still here") && live_hears(&live, 1, "still here"));
  CHECK(live_says(&live, 0, "") && ended_with(&live, STATUS_EXITED, 0));
  for (unsigned i = 0; i < COUNT_OF(types); i++)
    CHECK(client_tell(live.client, types[i], live.id, bytes, types[i] == FRAME_CANCEL ? 0 : sizeof bytes));
  struct spec after = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(live.client, &after);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 9, "type %u", outcome.type);
  outcome_free(&outcome);
}

const struct test streams_tests[] = {{"stream of 2 MiB in and out", test_both_ways},
                                     {"stream of input beyond its window", test_input_window},
                                     {"stream of output waits for its window", test_output_window},
                                     {"stream of output goes on with its window", test_window_reopens},
                                     {"stream of which more was taken than sent", test_more_taken_than_sent},
                                     {"stream of input that the program has closed", test_closed_input},
                                     {"stream of output and its cap", test_output_caps},
                                     {"stream that is the same as another", test_same},
                                     {"stream opened anew by its name", test_reopening},
                                     {"streams, sixteen of them", test_sixteen},
                                     {"signals to the program's group", test_signal},
                                     {"signals that kill and that do not exist", test_killing_signal},
                                     {"frames that do not fit the run's streams", test_frames_that_do_not_fit},
                                     {"input stream after its end", test_input_after_its_end},
                                     {"stream frames of other runs", test_other_ids},
                                     {0}};
