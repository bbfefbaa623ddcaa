/* Clients that keep to the form of the wire, and to nothing else: they repeat, interrupt, flood, stop
   in the middle, and hold on. The slot must stay theirs or the next one's, and no larger than before. */
#include "held.h"
#include "sandboxd.h"
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool serves(int client) {
  struct spec spec = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(client, &spec);
  bool good = outcome.type == FRAME_OUTCOME && outcome.status == STATUS_EXITED && outcome.exit_code == 9;
  outcome_free(&outcome);
  return good;
}

static bool serves_anybody(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  return client >= 0 && serves(client);
}

static bool start_pausing(int client, uid_t uid) {
  struct spec spec = inside_spec("pause", NULL);
  return client_start(client, &spec) && until(process_is_ready, &uid);
}

static bool ends_cancelled(int client) {
  struct outcome outcome = client_outcome(client);
  bool good = outcome.type == FRAME_OUTCOME && outcome.status == STATUS_CANCELLED;
  outcome_free(&outcome);
  return good;
}

static bool send_bytes(int client, const void *data, size_t size) {
  return send(client, data, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* What count_held says when the slots have put everything away. */
static struct held held_now(void) {
  char byte;
  for (unsigned slot = 0; slot < world.slots; slot++) {
    AUTO_CLOSE int client = slot_connect(slot, NULL);
    if (!serves(client) || shutdown(client, SHUT_WR) || recv(client, &byte, 1, 0) != 0) printf("  slot %u does not serve\n", slot);
  }
  return calm_held();
}

static void test_hello_twice(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  for (unsigned i = 0; i < 50; i++) CHECK(client_hello(client), "hello %u", i);
  CHECK(serves(client));
}

static void test_same_run_again(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec spec = inside_spec("exit", "4", NULL);
  for (unsigned i = 0; i < 40; i++) {
    struct outcome outcome = client_run(client, &spec);
    CHECK(outcome.type == FRAME_OUTCOME && outcome.id == spec.id && outcome.exit_code == 4, "run %u", i);
    outcome_free(&outcome);
  }
}

/* Also in the middle of its length, and when nothing but the last byte is missing. */
static void test_cut_anywhere(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  struct writer payload = {0}, frame = {0};
  encode_run(&spec, &payload);
  put_uint(&frame, 4, payload.size + 1);
  put_uint(&frame, 1, FRAME_RUN);
  put_data(&frame, payload.data, payload.size);
  for (size_t size = 1; size < frame.size; size++) {
    AUTO_CLOSE int client = slot_connect(0, NULL);
    CHECK(client >= 0 && send_bytes(client, frame.data, size), "%zu bytes", size);
  }
  free(payload.data);
  free(frame.data);
  CHECK(serves_anybody());
}

static void test_frames_in_a_run(void) {
  static const uint8_t types[] = {0, FRAME_HELLO, FRAME_RUN, FRAME_FORGET, 99, 128, FRAME_HELLO_REPLY, FRAME_OUTCOME, 255};
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  for (unsigned i = 0; i < COUNT_OF(types); i++) {
    struct writer payload = {0};
    put_uint(&payload, 4, 77);
    CHECK(client_send(client, types[i], &payload));
    free(payload.data);
    struct outcome answer = client_outcome(client);
    CHECK(answer.type == FRAME_ERROR && answer.code == ERROR_BUSY, "type %u: %u %u", types[i], answer.type, answer.code);
    CHECK(answer.id == (types[i] == FRAME_RUN ? 77u : 0u), "type %u: id %u", types[i], answer.id);
    outcome_free(&answer);
  }
  CHECK(process_is_ready(&uid), "the run goes on");
  CHECK(client_cancel(client, 1) && ends_cancelled(client) && serves(client));
}

/* What can't be told apart from the end of a client ends its run. */
static void test_broken_frames_in_a_run(void) {
  static const uint32_t lengths[] = {0, FRAME_MAX + 1, UINT32_MAX};
  for (unsigned i = 0; i < COUNT_OF(lengths); i++) {
    uid_t uid;
    AUTO_CLOSE int client = slot_connect(0, &uid);
    CHECK(start_pausing(client, uid));
    CHECK(send_bytes(client, &lengths[i], sizeof lengths[i]));
    CHECK(until(no_process_of, &uid), "length %u", lengths[i]);
    CHECK(serves_anybody(), "length %u", lengths[i]);
  }
}

static void test_half_closed(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  CHECK(start_pausing(client, uid));
  CHECK(!shutdown(client, SHUT_WR));
  CHECK(until(no_process_of, &uid), "nobody can cancel this run any more");
  CHECK(serves_anybody());
}

static void test_cancel_flood(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  for (unsigned i = 0; i < 200; i++) CHECK(client_cancel(client, 1));
  CHECK(start_pausing(client, uid));
  for (unsigned i = 0; i < 20000; i++) CHECK(client_cancel(client, i + 2));
  CHECK(process_is_ready(&uid));
  for (unsigned i = 0; i < 200; i++) CHECK(client_cancel(client, 1));
  CHECK(ends_cancelled(client) && serves(client));
}

/* More than wait for a slot, all at the same time. */
static void test_connection_flood(void) {
  int clients[300];
  unsigned taken = 0;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/slot-0.sock", world.run);
  for (unsigned i = 0; i < COUNT_OF(clients); i++) {
    clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    taken += !connect(clients[i], (struct sockaddr *)&address, sizeof address);
  }
  AUTO_CLOSE int other = slot_connect(1, NULL);
  CHECK(taken > 100 && taken < COUNT_OF(clients), "%u", taken);
  CHECK(serves(other), "the other slot");
  for (unsigned i = 0; i < COUNT_OF(clients); i++) close(clients[i]);
  CHECK(serves_anybody());
}

static void test_promised_memory(void) {
  struct held before = held_now();
  AUTO_CLOSE int client = slot_connect(0, NULL);
  uint8_t head[5] = {0, 0, 0, 8, FRAME_RUN}; /* 128 MiB */
  CHECK(send_bytes(client, head, sizeof head));
  struct held during = count_held();
  CHECK(during.memory_kib <= before.memory_kib + 1024, "%lu KiB, then %lu KiB", before.memory_kib, during.memory_kib);
}

static void test_largest_frame(void) {
  struct held before = held_now();
  const size_t size = FRAME_MAX - 4096;
  char *content = calloc(1, size);
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.files[0] = (struct input_file){"large", 0644, content, size};
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct outcome outcome = client_run(client, &spec);
  free(content);
  CHECK(outcome.type == FRAME_ERROR && outcome.code == ERROR_OUT_OF_RANGE, "%u %u", outcome.type, outcome.code);
  CHECK(serves(client));
  outcome_free(&outcome);
  close_fd(&client);
  struct held after = held_now();
  CHECK(held_is_same(&before, &after, 512));
}

static void test_slow_reader(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  int small = 4096;
  CHECK(!setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small));
  struct spec spec = inside_spec("output", "2000000", NULL);
  spec.stdout_cap = 2 * MIB;
  CHECK(client_start(client, &spec));
  uint8_t piece[512], head[4];
  CHECK(recv(client, head, sizeof head, MSG_WAITALL) == sizeof head);
  struct reader reader = {head, head + sizeof head, false};
  size_t left = (size_t)read_uint(&reader, 4);
  CHECK(left > 2000000, "%zu", left);
  while (left > 0) {
    ssize_t got = recv(client, piece, left < sizeof piece ? left : sizeof piece, 0);
    CHECK(got > 0, "%zu bytes are missing", left);
    left -= (size_t)got;
  }
  CHECK(serves(client));
}

static void test_same_supervisors(void) {
  static pid_t before[8], after[8];
  static unsigned count;
  if (!count) {
    count = children_of(world.daemon, before, COUNT_OF(before));
    CHECK(count == world.slots);
    return;
  }
  CHECK(children_of(world.daemon, after, COUNT_OF(after)) == count);
  CHECK(!memcmp(before, after, count * sizeof before[0]), "a supervisor was started again");
}

const struct test client_tests[] = {{"supervisors before rude clients", test_same_supervisors},
                                    {"hello again and again", test_hello_twice},
                                    {"the same run again", test_same_run_again},
                                    {"a run cut at any byte", test_cut_anywhere},
                                    {"frames in the middle of a run", test_frames_in_a_run},
                                    {"broken frames in the middle of a run", test_broken_frames_in_a_run},
                                    {"a client that closes its half", test_half_closed},
                                    {"floods of cancels", test_cancel_flood},
                                    {"floods of connections", test_connection_flood},
                                    {"memory follows bytes, not promises", test_promised_memory},
                                    {"memory of the largest frame is given back", test_largest_frame},
                                    {"a client that reads slowly", test_slow_reader},
                                    {"supervisors after rude clients", test_same_supervisors},
                                    {0}};
