/* The wire of PROTOCOL.md: bounds-checked reading and writing, frames, and the one large request. */
#pragma once

#include "util.h"

#define WIRE_VERSION 1
#define FRAME_MAX (128 * MIB)
#define ARTIFACT_SIZE 16

enum frame_type {
  FRAME_HELLO = 1,
  FRAME_RUN = 2,
  FRAME_CANCEL = 3,
  FRAME_FORGET = 4,
  FRAME_HELLO_REPLY = 129,
  FRAME_OUTCOME = 130,
  FRAME_FORGOTTEN = 131,
  FRAME_ERROR = 132,
};

enum error_code {
  ERROR_MALFORMED = 1,
  ERROR_TOO_LARGE = 2,
  ERROR_UNKNOWN_IMAGE = 3,
  ERROR_UNKNOWN_ARTIFACT = 4,
  ERROR_BAD_PATH = 5,
  ERROR_OUT_OF_RANGE = 6,
  ERROR_BUSY = 7,
  ERROR_VERSION = 8,
  ERROR_PLATFORM = 9,
};

struct view {
  const uint8_t *data;
  size_t size;
};

/* Reading past the end sets `bad` and yields zeros, so a parser checks once, after it has read. */
struct reader {
  const uint8_t *at, *end;
  bool bad;
};

uint64_t read_uint(struct reader *reader, unsigned bytes);
struct view read_view(struct reader *reader, unsigned length_bytes);

/* Grows; `bad` when memory ran out. */
struct writer {
  uint8_t *data;
  size_t size, room;
  bool bad;
};

void put_uint(struct writer *writer, unsigned bytes, uint64_t value);
void put_data(struct writer *writer, const void *data, size_t size);
void put_text(struct writer *writer, const char *text);

/* Entries that were checked when the frame was parsed and are read again when they are used. */
struct list {
  struct reader at;
  uint32_t count;
};

struct limits {
  uint64_t cpu, wall, memory, disk, stack, file, stdout_cap, stderr_cap;
  uint32_t processes, cpu_rate, inodes, open_files;
};

/* A run as the client asked for it; everything points into the frame. */
struct run_request {
  uint32_t id;
  char image[65];
  struct list argv, env; /* str32 */
  struct limits limits;
  bool stop_on_output, keep;
  struct view input;
  uint8_t base[ARTIFACT_SIZE];
  struct list files; /* str16 path, u32 mode, bytes */
  uint64_t keep_cap;
  struct list collect; /* str16 path */
  uint64_t collect_cap;
};

struct refusal {
  enum error_code code;
  char text[240];
};

/* Always false, so that a check can end with `return refuse(…)`. */
bool refuse(struct refusal *refusal, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The id is set as soon as it is known, also when the rest is refused. */
bool parse_run(struct view payload, struct run_request *run, struct refusal *refusal);

/* Copies a checked path out of a frame. */
void copy_path(struct view path, char text[4096]);

/* What has come of the frame that is being received. */
struct inbox {
  uint8_t head[4];
  size_t head_size;
  uint8_t *data;
  size_t size, room, need;
};

enum inbox_state { INBOX_FRAME, INBOX_WAIT, INBOX_CLOSED, INBOX_MALFORMED, INBOX_TOO_LARGE };

/* Receives until a frame is whole (INBOX_FRAME: type and payload are in data[0..size)), the
   client is gone, or, with MSG_DONTWAIT, nothing more is there. */
enum inbox_state inbox_receive(struct inbox *inbox, int client, int flags);
/* Makes room for the next frame; memory of a large one is given back. */
void inbox_next(struct inbox *inbox);

/* Sends everything before the deadline (now_ns), or false. */
bool send_all(int client, const void *data, size_t size, uint64_t deadline);
/* Frames a payload. */
bool send_frame(int client, enum frame_type type, const struct writer *payload);
bool send_error(int client, uint32_t run, const struct refusal *refusal);
/* How long a client may take to read an answer, and how long without reading anything of it. */
#define SEND_NS (120000 * MS)
#define SEND_IDLE_MS 10000
