/* wire.c: frames, messages and the numbers of PROTOCOL.md. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION 3
#define FRAME_MAX (128 * MIB)
#define ID_SIZE 16
#define FDS_MAX 16
#define WINDOW (256 * 1024)
#define MODE_LINK 0120000

enum frame_type {
  FRAME_HELLO = 1, FRAME_RUN, FRAME_CANCEL, FRAME_FORGET, FRAME_INPUT, FRAME_RESIZE, FRAME_SIGNAL, FRAME_TAKEN, FRAME_GO,
  FRAME_HELLO_REPLY = 129, FRAME_OUTCOME, FRAME_FORGOTTEN, FRAME_ERROR, FRAME_OUTPUT, FRAME_TAKEN_REPLY, FRAME_HELD
};

enum error_code {
  ERROR_MALFORMED = 1, ERROR_TOO_LARGE, ERROR_UNKNOWN_IMAGE, ERROR_UNKNOWN_ARTIFACT, ERROR_BAD_PATH, ERROR_OUT_OF_RANGE,
  ERROR_BUSY, ERROR_VERSION, ERROR_PLATFORM
};

enum status {
  STATUS_EXITED, STATUS_SIGNALLED, STATUS_CPU_LIMIT, STATUS_WALL_LIMIT, STATUS_IDLE_LIMIT, STATUS_MEMORY_LIMIT,
  STATUS_OUTPUT_LIMIT, STATUS_PROCESS_LIMIT, STATUS_FILE_LIMIT, STATUS_REFUSED_SYSCALL, STATUS_START_FAILED,
  STATUS_CANCELLED, STATUS_PLATFORM
};

enum fd_kind {
  FD_NULL, FD_CONTENT, FD_CAPTURE, FD_INPUT, FD_OUTPUT, FD_TERMINAL, FD_READ, FD_WRITE, FD_SAME, FD_KINDS
};

enum isolation {
  ISOLATION_NAMESPACES = 1, ISOLATION_NETWORK = 2, ISOLATION_MEMORY = 4, ISOLATION_SWAP = 8, ISOLATION_PROCESSES = 16,
  ISOLATION_CPU = 32, ISOLATION_SECCOMP = 64, ISOLATION_NO_CAPABILITIES = 128, ISOLATION_CGROUP_NAMESPACE = 256,
  ISOLATION_UID = 512, ISOLATION_CGROUP_V2 = 1024, ISOLATION_USER_NAMESPACE = 2048, ISOLATION_WATCHED = 4096
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
/* After a length of so many bytes; 0 = an id. */
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
/* Room for so many more bytes; null without memory. */
uint8_t *writer_room(struct writer *writer, size_t size);
/* Empties it; memory beyond a small buffer is given back. */
void writer_reset(struct writer *writer);

/* Entries that were checked when the frame was parsed and are read again when they are used. */
struct list {
  struct reader at;
  uint32_t count;
};

/* name, bytes on the wire, least, most, text: in the order of the wire. A least of 0 alone means "or none". */
#define LIMITS(X)                                                        \
  X(cpu, 8, MS, DAY, "the CPU limit (ns)")                               \
  X(wall, 8, MS, DAY, "the wall limit (ns)")                             \
  X(idle, 8, 10 * MS, DAY, "the idle limit (ns)")                        \
  X(memory, 8, MIB, 16 * TIB, "the memory limit")                        \
  X(processes, 4, 1, 32768, "the process limit")                         \
  X(cpu_rate, 4, 0, 1000000, "the CPU rate")                             \
  X(disk, 8, 4096, TIB, "the disk limit")                                \
  X(inodes, 4, 2, 1 << 24, "the inode limit")                            \
  X(stack, 8, 65536, TIB, "the stack limit")                             \
  X(file, 8, 0, TIB, "the file size limit")                              \
  X(open_files, 4, 4, 1 << 20, "the limit of open files")                \
  X(address_space, 8, MIB, 16 * TIB, "the limit of the address space")   \
  X(data, 8, MIB, 16 * TIB, "the limit of data")                         \
  X(stop_at_processes, 1, 0, 1, "the flag of the process limit")
#define LIMIT_FIELD(name, bytes, least, most, text) uint64_t name;
struct limits {
  LIMITS(LIMIT_FIELD)
};

struct fd_request {
  enum fd_kind kind;
  bool stop;
  uint8_t same;
  uint16_t rows, columns;
  uint64_t cap; /* also of a recorded pipe */
  struct view content, pipe;
};

/* A run as the client asked for it; everything points into the frame. */
struct run_request {
  uint32_t id;
  char image[65];
  struct list argv, env; /* str32 */
  struct limits limits;
  struct view cpus;
  bool hold, keep, truncate;
  unsigned fd_count;
  struct fd_request fds[FDS_MAX];
  uint8_t base[ID_SIZE];
  struct list files; /* str16 path, u32 mode, bytes */
  uint64_t keep_cap;
  struct list collect; /* str16 path */
  uint64_t collect_cap, collect_each;
};

struct refusal {
  enum error_code code;
  char text[240];
};
/* Always false, so that a check can end with `return refuse(…)`. */
bool refuse(struct refusal *refusal, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
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
/* Receives until a frame is whole (INBOX_FRAME: type and payload are in data[0..size)), the client is
   gone, or, with MSG_DONTWAIT, nothing more is there. */
enum inbox_state inbox_receive(struct inbox *inbox, int client, int flags);
/* Makes room for the next frame; memory of a large one is given back. */
void inbox_next(struct inbox *inbox);

/* How long a client may take to read an answer, and how long without reading anything of it. */
#define SEND_NS (120 * SECOND)
#define SEND_IDLE_MS 10000
/* Sends everything before the deadline (now_ns), or false. */
bool send_all(int client, const void *data, size_t size, uint64_t deadline);
/* Appends a frame: begin, put the payload, end. */
size_t frame_begin(struct writer *writer, enum frame_type type);
void frame_end(struct writer *writer, size_t begin);
void put_error(struct writer *writer, uint32_t run, const struct refusal *refusal);
