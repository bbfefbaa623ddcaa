/* What a client can send that it should not. After each the slot must still serve, with the same
   supervisor: a crash would be repaired, but is not forgiven. */
#include "refusals.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_frame_lengths(void) {
  static const struct {
    uint32_t length;
    unsigned code;
  } cases[] = {{0, MALFORMED}, {128 * MIB + 1, TOO_LARGE}, {UINT32_MAX, TOO_LARGE}};
  for (unsigned i = 0; i < COUNT_OF(cases); i++) {
    struct writer bytes = {0};
    bool closed;
    put_length(&bytes, cases[i].length);
    unsigned code = answer_to(&bytes, &closed);
    free(bytes.data);
    CHECK(code == cases[i].code && closed, "length %u: code %u", cases[i].length, code);
  }
}

static void test_unknown_types(void) {
  static const uint8_t types[] = {0, 5, 99, 128, 129, 130, 255};
  for (unsigned i = 0; i < COUNT_OF(types); i++) {
    struct writer bytes = {0};
    bool closed;
    put_length(&bytes, 3);
    put_uint(&bytes, 1, types[i]);
    put_uint(&bytes, 2, 0);
    unsigned code = answer_to(&bytes, &closed);
    free(bytes.data);
    CHECK(code == MALFORMED && closed, "type %u: code %u", types[i], code);
  }
}

static int connect_silently(void) {
  char path[128];
  snprintf(path, sizeof path, "%s/slot-0.sock", world.run);
  return client_connect(path, 30);
}

static void test_hello_first(void) {
  AUTO_CLOSE int client = connect_silently();
  struct spec spec = inside_spec("exit", "0", NULL);
  struct outcome outcome = client_run(client, &spec);
  CHECK(outcome.type == FRAME_ERROR && outcome.code == MALFORMED && is_closed(client));
  outcome_free(&outcome);
}

static void test_version(void) {
  static const uint16_t versions[] = {0, 1, 2, 4, 65535};
  for (unsigned i = 0; i < COUNT_OF(versions); i++) {
    AUTO_CLOSE int client = connect_silently();
    struct writer payload = {0};
    put_uint(&payload, 2, versions[i]);
    client_send(client, FRAME_HELLO, &payload);
    free(payload.data);
    struct outcome outcome = client_outcome(client);
    CHECK(outcome.code == VERSION && is_closed(client), "version %u: %u", versions[i], outcome.code);
    outcome_free(&outcome);
  }
}

/* A whole frame that ends too early, at every possible place, and one byte too late. */
static void test_truncated_runs(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.files[0] = (struct input_file){"file", 0644, "content", 7};
  spec.collect[0] = "file";
  struct writer whole = {0};
  encode_run(&spec, &whole);
  put_uint(&whole, 1, 0);
  for (size_t size = 0; size <= whole.size; size++) {
    if (size == whole.size - 1) continue;
    struct writer bytes = {0};
    bool closed;
    put_length(&bytes, (uint32_t)size + 1);
    put_uint(&bytes, 1, FRAME_RUN);
    put_data(&bytes, whole.data, size);
    unsigned code = answer_to(&bytes, &closed);
    free(bytes.data);
    CHECK(code == MALFORMED && closed, "%zu of %zu bytes: code %u", size, whole.size, code);
  }
  free(whole.data);
}

static void test_half_frames(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  struct writer whole = {0}, frame = {0};
  encode_run(&spec, &whole);
  put_length(&frame, (uint32_t)whole.size + 1);
  put_uint(&frame, 1, FRAME_RUN);
  put_data(&frame, whole.data, whole.size);
  for (size_t size = 0; size < frame.size; size += 7) {
    AUTO_CLOSE int client = slot_connect(0, NULL);
    CHECK(send(client, frame.data, size, MSG_NOSIGNAL) == (ssize_t)size);
  }
  /* And one that comes byte by byte. */
  AUTO_CLOSE int client = slot_connect(0, NULL);
  for (size_t i = 0; i < frame.size; i++) CHECK(send(client, frame.data + i, 1, MSG_NOSIGNAL) == 1);
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.type == FRAME_OUTCOME && outcome.status == 0);
  outcome_free(&outcome);
  free(whole.data);
  free(frame.data);
}

/* Counts and lengths that promise more than there is. */
static void test_false_promises(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  struct writer whole = {0};
  encode_run(&spec, &whole);
  size_t argv_at = 4 + 2 + 64;
  for (size_t at = argv_at; at < whole.size; at++) {
    struct writer bytes = {0};
    bool closed;
    put_length(&bytes, (uint32_t)whole.size + 1);
    put_uint(&bytes, 1, FRAME_RUN);
    put_data(&bytes, whole.data, whole.size);
    memset(bytes.data + 5 + at, 0xff, whole.size - at);
    unsigned code = answer_to(&bytes, &closed);
    free(bytes.data);
    CHECK(code != 0, "ones from byte %zu were taken", at);
  }
  free(whole.data);
}

static void test_random_bytes(void) {
  uint64_t state = 88172645463325252u;
  for (unsigned round = 0; round < 400; round++) {
    AUTO_CLOSE int client = slot_connect(0, NULL);
    uint8_t bytes[600];
    for (unsigned i = 0; i < sizeof bytes; i++) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      bytes[i] = (uint8_t)state;
    }
    /* Half of the rounds get past the frame and into the parser of runs. */
    if (round % 2) {
      struct writer head = {0};
      put_length(&head, sizeof bytes - 4);
      put_uint(&head, 1, FRAME_RUN);
      memcpy(bytes, head.data, head.size);
      free(head.data);
    }
    CHECK(send(client, bytes, sizeof bytes, MSG_NOSIGNAL) == sizeof bytes);
    shutdown(client, SHUT_WR);
    struct outcome outcome = client_outcome(client);
    CHECK(outcome.type == 0 || outcome.type == FRAME_ERROR, "round %u", round);
    outcome_free(&outcome);
  }
}

static void test_bad_paths(void) {
  static char long_name[300], long_path[5000];
  memset(long_name, 'x', sizeof long_name - 1);
  for (unsigned i = 0; i < sizeof long_path - 1; i++) long_path[i] = i % 2 ? '/' : 'x';
  const char *paths[] = {"",      "/",     "/abs",  "..",      "../up",   "a/../b", "a/..", ".", "./a", "a/./b",
                         "a//b",  "a/",    "//",    "/../etc", long_name, long_path};
  for (unsigned i = 0; i < COUNT_OF(paths); i++) {
    struct spec spec = inside_spec("exit", "0", NULL);
    spec.files[0] = (struct input_file){paths[i], 0644, "x", 1};
    check_refused(&spec, BAD_PATH, paths[i]);
    spec.files[0].path = NULL;
    spec.collect[0] = paths[i];
    check_refused(&spec, BAD_PATH, paths[i]);
  }
}

static void test_path_conflicts(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.files[0] = (struct input_file){"a", 0644, "x", 1};
  spec.files[1] = (struct input_file){"a/b", 0644, "x", 1};
  check_refused(&spec, BAD_PATH, "a file as a directory");
  spec.files[0].path = "d/e";
  spec.files[1].path = "d";
  check_refused(&spec, BAD_PATH, "a directory as a file");
}

static void test_images(void) {
  char upper[65] = {0}, other[65] = {0}, zero[65] = {0}, path[256];
  memset(upper, 'A', 64);
  memset(other, 'b', 64);
  memset(zero, '0', 64);
  const char *images[] = {"", "aa", upper, other, zero, "../../../../../../../../../../../../../../../../../../../etc/"};
  for (unsigned i = 0; i < COUNT_OF(images); i++) {
    struct spec spec = inside_spec("exit", "0", NULL);
    spec.image = images[i];
    check_refused(&spec, UNKNOWN_IMAGE, images[i]);
  }
  /* Names that exist, but are not to be trusted. */
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.image = other;
  snprintf(path, sizeof path, "%s/%s", world.images, other);
  CHECK(!symlink(world.image, path));
  check_refused(&spec, UNKNOWN_IMAGE, "a link to an image");
  CHECK(!unlink(path));
}

static void test_ranges(void) {
  struct spec good = inside_spec("exit", "0", NULL);
#define WITH(change) ({ struct spec spec = good; spec.change; check_refused(&spec, OUT_OF_RANGE, #change); })
  WITH(limits.cpu = 0);
  WITH(limits.wall = UINT64_MAX);
  WITH(limits.memory = 4096);
  WITH(limits.memory = UINT64_MAX);
  WITH(limits.processes = 0);
  WITH(limits.processes = UINT32_MAX);
  WITH(limits.disk = 0);
  WITH(limits.inodes = 0);
  WITH(limits.stack = 0);
  WITH(limits.open_files = 0);
  WITH(stdout_cap = UINT64_MAX);
  WITH(stderr_cap = UINT64_MAX);
  WITH(limits.file = UINT64_MAX);
  WITH(limits.idle = 10 * MS - 1);
  WITH(limits.idle = UINT64_MAX);
  WITH(limits.address_space = MIB - 1);
  WITH(limits.address_space = UINT64_MAX);
  WITH(limits.data = 1);
  WITH(limits.data = UINT64_MAX);
  WITH(limits.stop_at_processes = 2);
  WITH(limits.cpu_rate = 1000001);
  WITH(cpus = (uint8_t[129]){1}; spec.cpus_size = 129);
  WITH(keep_cap = UINT64_MAX);
  WITH(collect_cap = UINT64_MAX);
  WITH(argv[0] = NULL);
  WITH(argv[0] = "");
  WITH(files[0] = ((struct input_file){"a", 04755, "x", 1}));
  WITH(files[0] = ((struct input_file){"a", UINT32_MAX, "x", 1}));
#undef WITH
}

static void test_large_arguments(void) {
  char *large = malloc(3 * MIB);
  memset(large, 'x', 3 * MIB - 1);
  large[3 * MIB - 1] = 0;
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.argv[2] = large;
  check_refused(&spec, OUT_OF_RANGE, "3 MiB of arguments");
  /* Beyond what the kernel takes in one string, but not beyond what sandboxd takes. */
  large[MIB] = 0;
  struct outcome outcome = run_spec(&spec);
  free(large);
  CHECK(outcome.status == STATUS_START_FAILED && strstr(outcome.message, "Argument list too long"), "%s", outcome.message);
  outcome_free(&outcome);
}

static void test_too_many_files_for_disk(void) {
  char *large = calloc(1, 5 * MIB);
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.limits.disk = MIB;
  spec.files[0] = (struct input_file){"large", 0644, large, 5 * MIB};
  check_refused(&spec, OUT_OF_RANGE, "files beyond the disk limit");
  free(large);
}

static void test_busy(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  struct spec spec = inside_spec("pause", NULL), other = inside_spec("exit", "0", NULL);
  other.id = 77;
  CHECK(client_start(client, &spec) && until(process_is_ready, &uid));
  struct outcome busy = client_run(client, &other);
  CHECK(busy.type == FRAME_ERROR && busy.code == BUSY && busy.id == 77, "%u", busy.code);
  CHECK(client_cancel(client, 12345), "a run that is not in flight");
  CHECK(client_cancel(client, spec.id));
  struct outcome outcome = client_outcome(client);
  CHECK(outcome.status == STATUS_CANCELLED && outcome.id == spec.id, "%u", outcome.status);
  CHECK(client_cancel(client, spec.id), "too late");
  CHECK(still_serves(client));
  outcome_free(&busy);
  outcome_free(&outcome);
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

const struct test wire_tests[] = {{"supervisors are noted", test_same_supervisors},
                                  {"frame lengths", test_frame_lengths},
                                  {"unknown message types", test_unknown_types},
                                  {"a hello comes first", test_hello_first},
                                  {"other versions", test_version},
                                  {"truncated runs", test_truncated_runs},
                                  {"half frames", test_half_frames},
                                  {"counts beyond the frame", test_false_promises},
                                  {"random bytes", test_random_bytes},
                                  {"bad paths", test_bad_paths},
                                  {"paths that conflict", test_path_conflicts},
                                  {"images that are not there", test_images},
                                  {"values out of range", test_ranges},
                                  {"large arguments", test_large_arguments},
                                  {"files beyond the disk limit", test_too_many_files_for_disk},
                                  {"busy", test_busy},
                                  {"no supervisor died of it", test_same_supervisors},
                                  {0}};
