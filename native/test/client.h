/* A client of sandboxd for tests and benches. */
#pragma once

#include "sandboxd.h"

struct input_file {
  const char *path;
  uint32_t mode;
  const void *data;
  size_t size;
};

/* A descriptor of the program; `bytes` of content, or the name of a pipe (16 bytes). */
struct fd_spec {
  enum fd_kind kind;
  uint64_t cap;
  bool stop;
  uint16_t rows, columns;
  uint8_t same;
  const void *bytes;
  size_t size;
};

/* A run with sensible limits; tests change what they are about. */
struct spec {
  uint32_t id;
  const char *image;
  const char *argv[16];
  const char *env[8];
  struct limits limits;
  uint64_t stdout_cap, stderr_cap;
  bool stop_on_output, keep, hold, truncate;
  const void *input;
  size_t input_size;
  /* Instead of input and the two captures, when there are any. */
  struct fd_spec fds[FDS_MAX];
  unsigned fd_count;
  const void *cpus;
  size_t cpus_size;
  uint8_t base[ID_SIZE];
  struct input_file files[4];
  uint64_t keep_cap;
  const char *collect[8];
  uint64_t collect_cap, collect_each;
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
  uint64_t user, system, wall, setup, ended_at, passed_end_at, memory;
  uint32_t processes, ooms, hits;
  uint64_t voluntary, involuntary, waited, stolen, file_bytes;
  uint32_t memory_cause, waited_of, runnable;
  uint32_t isolation, refused_total;
  char refused[512]; /* "mount=1 ptrace=2 " */
  char message[512];
  uint8_t artifact[ID_SIZE];
  uint64_t artifact_bytes;
  uint32_t artifact_entries, artifact_skipped;
  unsigned fd_count;
  struct {
    uint64_t total;
    size_t size;
    char *bytes; /* with a NUL after the end */
  } fds[FDS_MAX];
  /* Those of descriptors 1 and 2. */
  uint64_t out_total, err_total;
  size_t out_size, err_size;
  char *out, *err;
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
/* A frame about a run: its id and these bytes. */
bool client_tell(int client, uint8_t type, uint32_t id, const void *data, size_t size);
/* Bytes for a stream of a run; none = its end. */
bool client_input(int client, uint32_t id, uint8_t fd, const void *data, size_t size);
bool client_taken(int client, uint32_t id, uint8_t fd, uint32_t size);
/* A frame of this type must come next: its payload after the run's id and `*size`, malloc'ed in `*frame`; or null. */
const uint8_t *client_expect(int client, uint8_t type, uint8_t **frame, size_t *size);
/* Reads a frame with an outcome or an error, which is then the outcome's to free. */
struct outcome client_answer(uint8_t *frame, size_t size);
/* Waits for an outcome or an error; frames of streams before it are dropped, and output counted as taken. */
struct outcome client_outcome(int client);
struct outcome client_run(int client, const struct spec *spec);
/* How many artifacts were removed, -1 = no answer. */
int client_forget(int client, const uint8_t id[ID_SIZE]);
void outcome_free(struct outcome *outcome);
