/* Runs that are held, and pairs of them that talk over pipes. */
#include "live.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

static struct spec held_spec(const char *mode, const char *argument) {
  struct spec spec = inside_spec(mode, argument, NULL);
  spec.hold = true;
  spec.fds[0] = (struct fd_spec){.kind = FD_NULL};
  spec.fds[1] = spec.fds[2] = (struct fd_spec){.kind = FD_CAPTURE, .cap = 65536};
  spec.fd_count = 3;
  return spec;
}

static struct fd_spec reads(const uint8_t pipe[ID_SIZE]) {
  return (struct fd_spec){.kind = FD_READ, .bytes = pipe};
}

static struct fd_spec writes(const uint8_t pipe[ID_SIZE], uint64_t record) {
  return (struct fd_spec){.kind = FD_WRITE, .bytes = pipe, .cap = record};
}

static bool go_together(struct live *first, struct live *second) {
  return live_is_held(first) && live_is_held(second) && live_go(first) && live_go(second);
}

static bool serves(unsigned slot) {
  AUTO_CLOSE int client = slot_connect(slot, NULL);
  struct spec spec = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(client, &spec);
  bool good = outcome.type == FRAME_OUTCOME && outcome.exit_code == 9;
  outcome_free(&outcome);
  return good;
}

static void test_go(void) {
  struct spec spec = held_spec("exit", "3");
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_is_held(&live) && client_tell(live.client, FRAME_GO, live.id + 1, NULL, 0), "the go of another");
  struct pollfd answer = {.fd = live.client, .events = POLLIN};
  CHECK(poll(&answer, 1, 50) == 0, "nothing happens until go");
  CHECK(live_go(&live) && live_end(&live)->status == STATUS_EXITED && live.outcome.exit_code == 3);
}

static void test_go_twice(void) {
  struct spec spec = held_spec("pause", NULL);
  spec.fds[1].kind = FD_OUTPUT;
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_is_held(&live) && live_go(&live) && live_go(&live) && live_hears(&live, 1, "before the pause"));
  CHECK(live_go(&live) && client_cancel(live.client, live.id) && live_end(&live)->status == STATUS_CANCELLED);
}

static void test_cancelled(void) {
  struct spec spec = held_spec("exit", "3");
  spec.files[0] = (struct input_file){"file", 0644, "abc", 3};
  spec.collect[0] = "file";
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_is_held(&live) && client_cancel(live.client, live.id));
  CHECK(live_end(&live)->status == STATUS_CANCELLED && live.outcome.exit_code == -1 && live.outcome.signal == 0);
  CHECK(live.outcome.wall == 0 && live.outcome.user + live.outcome.system == 0, "it never ran");
  CHECK(live.outcome.fd_count == 3 && live.outcome.collected_count == 1 && live.outcome.collected[0].size == 3);
  struct spec after = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(live.client, &after);
  CHECK(outcome.exit_code == 9);
  outcome_free(&outcome);
}

static void test_client_gone(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec spec = held_spec("exit", "3");
  spec.fds[0] = reads(pipe);
  for (unsigned i = 0; i < 3; i++) {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_is_held(&live));
    close_fd(&live.client);
    CHECK(serves(0));
  }
}

/* What comes before go waits for the program. */
static void test_input_before_go(void) {
  static char bytes[WINDOW];
  struct spec spec = held_spec("cat", NULL);
  spec.fds[0].kind = FD_INPUT;
  spec.fds[1].cap = MIB;
  AUTO_LIVE struct live live = live_start(0, &spec);
  memset(bytes, 'y', sizeof bytes);
  CHECK(live_is_held(&live) && client_input(live.client, live.id, 0, bytes, sizeof bytes) && live_says(&live, 0, ""));
  CHECK(live_go(&live) && live_end(&live)->status == STATUS_EXITED);
  CHECK(live.taken[0] == WINDOW && live.outcome.out_size == WINDOW && !memcmp(live.outcome.out, bytes, WINDOW));
}

static void test_frames_while_held(void) {
  static const uint8_t types[] = {FRAME_HELLO, FRAME_RUN, FRAME_FORGET, 99};
  struct spec spec = held_spec("exit", "3");
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_is_held(&live));
  for (unsigned i = 0; i < COUNT_OF(types); i++) {
    CHECK(client_tell(live.client, types[i], 77, NULL, 0));
    struct outcome busy = client_outcome(live.client);
    CHECK(busy.type == FRAME_ERROR && busy.code == ERROR_BUSY && busy.id == (types[i] == FRAME_RUN ? 77 : 0), "type %u", types[i]);
    outcome_free(&busy);
  }
  CHECK(client_tell(live.client, FRAME_RESIZE, live.id, NULL, 0) && live_fails(&live, ERROR_MALFORMED) && serves(0));
}

static void test_conversation(void) {
  uint8_t there[ID_SIZE], back[ID_SIZE];
  for (unsigned record = 0; record <= 1000; record += 500) {
    /* New names each time, as every session has: a run forgets those of its own, and that may come late. */
    random_bytes(there, sizeof there);
    random_bytes(back, sizeof back);
    struct spec asking = held_spec("ask", "over the pipe"), answering = held_spec("cat", NULL);
    asking.fds[0] = reads(back), asking.fds[1] = writes(there, record);
    answering.fds[0] = reads(there), answering.fds[1] = writes(back, record);
    AUTO_LIVE struct live first = live_start(0, &asking);
    AUTO_LIVE struct live second = live_start(1, &answering);
    CHECK(go_together(&first, &second));
    CHECK(live_end(&first)->status == STATUS_EXITED && first.outcome.exit_code == 0, "%u", first.outcome.status);
    CHECK(live_end(&second)->status == STATUS_EXITED && second.outcome.exit_code == 0, "the end of the one is seen by the other");
    CHECK(!strcmp(first.outcome.err, "over the pipe"), "%s", first.outcome.err);
    const char *recorded = record ? "over the pipe" : "";
    CHECK(!strcmp(first.outcome.out, recorded) && !strcmp(second.outcome.out, recorded), "<%s> <%s>", first.outcome.out, second.outcome.out);
  }
}

/* The reader ends; what then happens to the writer depends on the record. */
static void test_reader_gone(void) {
  uint8_t pipe[ID_SIZE];
  for (unsigned record = 0; record <= 1000; record += 1000) {
    random_bytes(pipe, sizeof pipe);
    struct spec writing = held_spec("output", "1000000"), reading = held_spec("exit", "0");
    writing.fds[1] = writes(pipe, record), reading.fds[0] = reads(pipe);
    AUTO_LIVE struct live writer = live_start(0, &writing);
    AUTO_LIVE struct live reader = live_start(1, &reading);
    CHECK(go_together(&writer, &reader) && live_end(&reader)->status == STATUS_EXITED);
    const struct outcome *end = live_end(&writer);
    if (!record) CHECK(end->status == STATUS_SIGNALLED && end->signal == SIGPIPE, "%u %d", end->status, end->signal);
    else CHECK(end->status == STATUS_EXITED && end->out_total == 1000000 && end->out_size == 1000, "%llu", (unsigned long long)end->out_total);
  }
}

/* A reader that does not read holds the writer up, and its end lets it go. */
static void test_slow_reader(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec writing = held_spec("output", "10000000"), reading = held_spec("pause", NULL);
  writing.fds[1] = writes(pipe, 100000), reading.fds[0] = reads(pipe);
  AUTO_LIVE struct live writer = live_start(0, &writing);
  AUTO_LIVE struct live reader = live_start(1, &reading);
  CHECK(go_together(&writer, &reader) && until(process_is_ready, &reader.uid));
  CHECK(client_cancel(reader.client, reader.id) && live_end(&reader)->status == STATUS_CANCELLED);
  CHECK(live_end(&writer)->status == STATUS_EXITED && writer.outcome.out_total == 10000000 && writer.outcome.out_size == 100000);
}

static void test_much_through_a_pipe(void) {
  uint8_t pipe[ID_SIZE];
  for (unsigned record = 0; record <= 5000; record += 5000) {
    random_bytes(pipe, sizeof pipe);
    struct spec writing = held_spec("output", "20000000"), reading = held_spec("cat", NULL);
    writing.fds[1] = writes(pipe, record), reading.fds[0] = reads(pipe);
    AUTO_LIVE struct live writer = live_start(0, &writing);
    AUTO_LIVE struct live reader = live_start(1, &reading);
    CHECK(go_together(&writer, &reader) && live_end(&writer)->status == STATUS_EXITED);
    CHECK(live_end(&reader)->status == STATUS_EXITED && reader.outcome.out_total == 20000000, "%llu",
          (unsigned long long)reader.outcome.out_total);
    CHECK(writer.outcome.out_total == (record ? 20000000 : 0) && writer.outcome.out_size == record);
  }
}

/* A line there, a line back, while both hold their ends open: nothing is kept back on its way. */
static void test_lines(void) {
  uint8_t there[ID_SIZE], back[ID_SIZE];
  random_bytes(there, sizeof there);
  random_bytes(back, sizeof back);
  struct spec asking = held_spec("ask-line", "ping\n"), answering = held_spec("cat", NULL);
  asking.fds[0] = reads(back), asking.fds[1] = writes(there, 100);
  answering.fds[0] = reads(there), answering.fds[1] = writes(back, 100);
  AUTO_LIVE struct live first = live_start(0, &asking);
  AUTO_LIVE struct live second = live_start(1, &answering);
  CHECK(go_together(&first, &second) && live_end(&first)->status == STATUS_EXITED && !strcmp(first.outcome.err, "ping\n"));
  CHECK(live_end(&second)->status == STATUS_EXITED && second.outcome.exit_code == 0);
}

/* Ends of pipes that main has. */
static unsigned count_pipes(void) {
  char path[64], target[64];
  unsigned pipes = 0;
  for (unsigned fd = 0; fd < 256; fd++) {
    snprintf(path, sizeof path, "/proc/%d/fd/%u", world.daemon, fd);
    pipes += readlink(path, target, sizeof target) > 5 && !strncmp(target, "pipe:", 5);
  }
  return pipes;
}

/* main closes its end just after it has handed it over. */
static bool has_pipes(const void *count) {
  return count_pipes() == *(const unsigned *)count;
}

/* A reader that opens its input by its name finds what a writer left that has ended. */
static void test_reopened_late(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec writing = held_spec("output", "1000"), reading = held_spec("cat", "/dev/stdin");
  writing.fds[1] = writes(pipe, 0), reading.fds[0] = reads(pipe);
  AUTO_LIVE struct live writer = live_start(0, &writing);
  AUTO_LIVE struct live reader = live_start(1, &reading);
  CHECK(live_is_held(&writer) && live_is_held(&reader));
  CHECK(live_go(&writer) && live_end(&writer)->exit_code == 0);
  CHECK(live_go(&reader) && live_end(&reader)->status == STATUS_EXITED && reader.outcome.out_total == 1000, "%u", reader.outcome.status);
}

static void test_names_go(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec spec = held_spec("cat", NULL);
  spec.fds[0] = reads(pipe);
  unsigned before = count_pipes(), during = before + 1;
  for (unsigned cancelled = 0; cancelled < 2; cancelled++) {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_is_held(&live) && until(has_pipes, &during), "%u", count_pipes());
    CHECK(cancelled ? client_cancel(live.client, live.id) : live_go(&live));
    CHECK(live_end(&live)->type == FRAME_OUTCOME && client_hello(live.client) && until(has_pipes, &before), "%u", count_pipes());
  }
}

/* After a pipe was used its name leads nowhere: no writer for its reader, no reader for its writer. */
static void test_name_again(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec writing = held_spec("output", "1000000"), reading = held_spec("cat", NULL);
  writing.fds[1] = writes(pipe, 0), reading.fds[0] = reads(pipe);
  {
    AUTO_LIVE struct live writer = live_start(0, &writing);
    AUTO_LIVE struct live reader = live_start(1, &reading);
    CHECK(go_together(&writer, &reader) && live_end(&writer)->exit_code == 0 && live_end(&reader)->out_total == 1000000);
  }
  {
    AUTO_LIVE struct live reader = live_start(1, &reading);
    CHECK(live_is_held(&reader) && live_go(&reader) && live_end(&reader)->status == STATUS_EXITED && reader.outcome.out_total == 0);
  }
  AUTO_LIVE struct live writer = live_start(0, &writing);
  CHECK(live_is_held(&writer) && live_go(&writer) && live_end(&writer)->status == STATUS_SIGNALLED && writer.outcome.signal == SIGPIPE);
}

/* One of a pair goes before it began: the other finds a reader that is gone, or the end of its input. */
static void test_partner_cancelled(void) {
  uint8_t pipe[ID_SIZE];
  random_bytes(pipe, sizeof pipe);
  struct spec writing = held_spec("output", "1000000"), reading = held_spec("cat", NULL);
  writing.fds[1] = writes(pipe, 0), reading.fds[0] = reads(pipe);
  AUTO_LIVE struct live writer = live_start(0, &writing);
  AUTO_LIVE struct live reader = live_start(1, &reading);
  CHECK(live_is_held(&writer) && live_is_held(&reader));
  CHECK(client_cancel(writer.client, writer.id) && live_end(&writer)->status == STATUS_CANCELLED);
  CHECK(live_go(&reader) && live_end(&reader)->status == STATUS_EXITED && reader.outcome.out_total == 0);
}

const struct test held_tests[] = {{"held until go", test_go},
                                  {"held, go, and go again", test_go_twice},
                                  {"held and cancelled", test_cancelled},
                                  {"held while its client goes", test_client_gone},
                                  {"held with input before go", test_input_before_go},
                                  {"held and sent what does not fit", test_frames_while_held},
                                  {"pair that talks, recorded and not", test_conversation},
                                  {"pair whose reader is gone", test_reader_gone},
                                  {"pair whose reader does not read", test_slow_reader},
                                  {"pair with 20 MB between them", test_much_through_a_pipe},
                                  {"pair with a line there and back", test_lines},
                                  {"pipe opened again when its writer has ended", test_reopened_late},
                                  {"pipe names go with their runs", test_names_go},
                                  {"pipe name used again", test_name_again},
                                  {"pair of which one is cancelled", test_partner_cancelled},
                                  {0}};
