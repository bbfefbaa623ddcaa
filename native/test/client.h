/* A client of sandboxd for tests and benches. */
#pragma once

#include "wire.h"

struct input_file {
  const char *path;
  uint32_t mode;
  const void *data;
  size_t size;
};

/* A run with sensible limits; tests change what they are about. */
struct spec {
  uint32_t id;
  const char *image;
  const char *argv[16];
  const char *env[8];
  struct limits limits;
  bool stop_on_output, keep;
  const void *input;
  size_t input_size;
  uint8_t base[ARTIFACT_SIZE];
  struct input_file files[4];
  uint64_t keep_cap;
  const char *collect[8];
  uint64_t collect_cap;
};

struct collected_file {
  uint8_t state;
  size_t size;
  uint8_t *data;
};

struct outcome {
  uint32_t type; /* FRAME_OUTCOME or FRAME_ERROR, 0 = the connection is closed */
  uint32_t id;
  uint16_t code; /* of an error */
  uint8_t status;
  int32_t exit_code, signal;
  uint64_t user, system, wall, setup, memory;
  uint32_t processes, ooms, hits;
  uint64_t voluntary, involuntary, out_total, err_total, file_bytes;
  uint32_t isolation, refused_total;
  char refused[512]; /* "mount=1 ptrace=2 " */
  char message[512];
  uint8_t artifact[ARTIFACT_SIZE];
  uint64_t artifact_bytes;
  uint32_t artifact_entries, artifact_skipped;
  size_t out_size, err_size;
  char *out, *err; /* with a NUL after the end */
  unsigned collected_count;
  struct collected_file collected[8];
  uint8_t *frame;
};

struct spec spec_of(const char *image, const char *const *argv);
void encode_run(const struct spec *spec, struct writer *payload);

/* A connected descriptor, or -1. Blocks no longer than `seconds` in any later call. */
int client_connect(const char *path, unsigned seconds);
bool client_send(int client, uint8_t type, const struct writer *payload);
/* The next frame (malloc'ed, type first); null when the connection is closed. */
uint8_t *client_receive(int client, size_t *size);
/* Says hello; the slot's uid, or 0. */
uint32_t client_hello(int client);
bool client_start(int client, const struct spec *spec);
bool client_cancel(int client, uint32_t id);
/* Waits for an outcome or an error. */
struct outcome client_outcome(int client);
struct outcome client_run(int client, const struct spec *spec);
/* How many artifacts were removed, -1 = no answer. */
int client_forget(int client, const uint8_t id[ARTIFACT_SIZE]);
void outcome_free(struct outcome *outcome);
