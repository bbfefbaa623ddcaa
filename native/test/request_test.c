/* Runs whose descriptors, flags and links are not what a run may have. */
#include "refusals.h"

#include <stdlib.h>

/* Of a run whose form is wrong: error 1, and the end of the connection. */
static void check_malformed(const struct writer *payload, const char *what) {
  struct writer bytes = {0};
  bool closed;
  put_length(&bytes, (uint32_t)payload->size + 1);
  put_uint(&bytes, 1, FRAME_RUN);
  put_data(&bytes, payload->data, payload->size);
  unsigned code = answer_to(&bytes, &closed);
  free(bytes.data);
  CHECK(code == MALFORMED && closed, "%s: code %u", what, code);
}

static void test_descriptors(void) {
  static const uint8_t pipe[ID_SIZE] = {1};
  static const struct fd_spec terminal = {.kind = FD_TERMINAL, .rows = 1, .columns = 1};
  static const struct {
    const char *what;
    struct fd_spec fds[2];
    unsigned code;
  } cases[] = {{"an unknown kind", {{.kind = FD_KINDS}}, MALFORMED},
               {"kind 255", {{.kind = 255}}, MALFORMED},
               {"the same as itself", {{.kind = FD_SAME, .same = 0}}, MALFORMED},
               {"the same as a later one", {{.kind = FD_SAME, .same = 1}}, MALFORMED},
               {"the same as none", {{.kind = FD_SAME, .same = 255}}, MALFORMED},
               {"two terminals", {terminal, terminal}, MALFORMED},
               {"a pipe to read without hold", {{.kind = FD_READ, .bytes = pipe}}, MALFORMED},
               {"a pipe to write without hold", {{.kind = FD_WRITE, .bytes = pipe}}, MALFORMED},
               {"no rows", {{.kind = FD_TERMINAL, .rows = 0, .columns = 1}}, OUT_OF_RANGE},
               {"no columns", {{.kind = FD_TERMINAL, .rows = 1, .columns = 0}}, OUT_OF_RANGE},
               {"too many rows", {{.kind = FD_TERMINAL, .rows = 4097, .columns = 1}}, OUT_OF_RANGE},
               {"too many columns", {{.kind = FD_TERMINAL, .rows = 1, .columns = 65535}}, OUT_OF_RANGE},
               {"a large capture", {{.kind = FD_CAPTURE, .cap = 256 * MIB + 1}}, OUT_OF_RANGE},
               {"a large stream", {{.kind = FD_OUTPUT, .cap = ((uint64_t)1 << 62) + 1}}, OUT_OF_RANGE}};
  for (unsigned i = 0; i < COUNT_OF(cases); i++) {
    struct spec spec = inside_spec("exit", "0", NULL);
    memcpy(spec.fds, cases[i].fds, sizeof cases[i].fds);
    spec.fd_count = 2;
    struct writer payload = {0};
    encode_run(&spec, &payload);
    if (cases[i].code == MALFORMED) check_malformed(&payload, cases[i].what);
    else check_refused(&spec, cases[i].code, cases[i].what);
    free(payload.data);
  }
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.hold = true;
  spec.fd_count = 1;
  spec.fds[0] = (struct fd_spec){.kind = FD_WRITE, .bytes = pipe, .cap = 256 * MIB + 1};
  check_refused(&spec, OUT_OF_RANGE, "a large record");
}

/* The place at which two runs that differ in one field differ. */
static size_t difference(const struct writer *one, const struct writer *other) {
  size_t at = 0;
  while (at < one->size && one->data[at] == other->data[at]) at++;
  return at;
}

/* The field in which the second run differs from the first is neither 0 nor 1. */
static void check_flag(const struct spec *off, const struct spec *on, const char *what) {
  struct writer payload = {0}, other = {0};
  encode_run(off, &payload);
  encode_run(on, &other);
  for (unsigned value = 2; value < 256; value += 253) {
    payload.data[difference(&payload, &other)] = (uint8_t)value;
    check_malformed(&payload, what);
  }
  free(payload.data);
  free(other.data);
}

static void test_flags(void) {
  struct spec good = inside_spec("exit", "0", NULL);
  good.fd_count = 2;
  good.fds[0] = (struct fd_spec){.kind = FD_CAPTURE};
  good.fds[1] = (struct fd_spec){.kind = FD_TERMINAL, .rows = 1, .columns = 1};
#define FLAG(field) ({ struct spec spec = good; spec.field = true; check_flag(&good, &spec, #field); })
  FLAG(hold);
  FLAG(keep);
  FLAG(truncate);
  FLAG(fds[0].stop);
  FLAG(fds[1].stop);
#undef FLAG
}

static void test_seventeen_descriptors(void) {
  struct spec spec = inside_spec("exit", "0", NULL), fewer = spec;
  spec.fd_count = FDS_MAX;
  fewer.fd_count = FDS_MAX - 1;
  struct writer most = {0}, less = {0}, payload = {0};
  encode_run(&spec, &most);
  encode_run(&fewer, &less);
  size_t at = difference(&most, &less);
  put_data(&payload, most.data, at);
  put_uint(&payload, 2, FDS_MAX + 1); /* and a null more */
  put_data(&payload, most.data + at + 1, most.size - at - 1);
  check_malformed(&payload, "seventeen descriptors");
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.fd_count == FDS_MAX, "sixteen: %s", outcome.message);
  outcome_free(&outcome);
  free(most.data);
  free(less.data);
  free(payload.data);
}

static void test_links(void) {
  static char large[4096];
  memset(large, 'x', sizeof large);
  const struct input_file links[] = {{"a", MODE_LINK, "a\0b", 3}, {"a", MODE_LINK, "", 0},       {"a", MODE_LINK, large, sizeof large},
                                     {"a", 0120777, "b", 1},      {"a", MODE_LINK | 1, "b", 1}, {"a", 0040000, "b", 1}};
  for (unsigned i = 0; i < COUNT_OF(links); i++) {
    struct spec spec = inside_spec("exit", "0", NULL);
    spec.files[0] = links[i];
    check_refused(&spec, OUT_OF_RANGE, "a link");
  }
}

const struct test request_tests[] = {{"descriptors that do not fit", test_descriptors},
                                     {"flags that are none", test_flags},
                                     {"seventeen descriptors", test_seventeen_descriptors},
                                     {"links that are none", test_links},
                                     {0}};
