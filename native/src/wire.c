/* The wire of PROTOCOL.md: frames and the parser. Every length is checked, nothing is copied. */
#include "sandboxd.h"

#include <poll.h>
#include <stdarg.h>

#define KEPT_ROOM (256 * 1024)
#define PATHS_MAX 4096
#define ULL unsigned long long

uint64_t read_uint(struct reader *reader, unsigned bytes) {
  if ((size_t)(reader->end - reader->at) < bytes) {
    reader->at = reader->end;
    reader->bad = true;
    return 0;
  }
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes; i++) value |= (uint64_t)reader->at[i] << (8 * i);
  reader->at += bytes;
  return value;
}

struct view read_view(struct reader *reader, unsigned length_bytes) {
  uint64_t size = length_bytes ? read_uint(reader, length_bytes) : ID_SIZE;
  if (reader->bad || size > (uint64_t)(reader->end - reader->at)) {
    reader->at = reader->end;
    reader->bad = true;
    return (struct view){reader->end, 0};
  }
  struct view view = {reader->at, (size_t)size};
  reader->at += size;
  return view;
}

static bool make_room(uint8_t **data, size_t *room, size_t need) {
  if (need <= *room) return true;
  size_t larger = *room ? *room : 4096;
  while (larger < need) larger *= 2;
  uint8_t *moved = realloc(*data, larger);
  if (!moved) return false;
  *data = moved;
  *room = larger;
  return true;
}

uint8_t *writer_room(struct writer *writer, size_t size) {
  writer->bad |= !make_room(&writer->data, &writer->room, writer->size + size);
  return writer->bad ? NULL : writer->data + writer->size;
}

void writer_reset(struct writer *writer) {
  if (writer->room > KEPT_ROOM) {
    free(writer->data);
    writer->data = NULL;
    writer->room = 0;
  }
  writer->size = 0;
  writer->bad = false;
}

void put_data(struct writer *writer, const void *data, size_t size) {
  uint8_t *target = writer_room(writer, size);
  if (!target || !size) return;
  memcpy(target, data, size);
  writer->size += size;
}

void put_uint(struct writer *writer, unsigned bytes, uint64_t value) {
  uint8_t text[8];
  for (unsigned i = 0; i < bytes; i++) text[i] = (uint8_t)(value >> (8 * i));
  put_data(writer, text, bytes);
}

void put_text(struct writer *writer, const char *text) {
  size_t size = strlen(text) > UINT16_MAX ? UINT16_MAX : strlen(text);
  put_uint(writer, 2, size);
  put_data(writer, text, size);
}

size_t frame_begin(struct writer *writer, enum frame_type type) {
  size_t begin = writer->size;
  put_uint(writer, 4, 0);
  put_uint(writer, 1, type);
  return begin;
}

void frame_end(struct writer *writer, size_t begin) {
  if (writer->bad) return;
  size_t size = writer->size - begin - 4;
  for (unsigned i = 0; i < 4; i++) writer->data[begin + i] = (uint8_t)(size >> (8 * i));
}

void put_error(struct writer *writer, uint32_t run, const struct refusal *refusal) {
  size_t frame = frame_begin(writer, FRAME_ERROR);
  put_uint(writer, 4, run);
  put_uint(writer, 2, refusal->code);
  put_text(writer, refusal->text);
  frame_end(writer, frame);
}

bool refuse(struct refusal *refusal, enum error_code code, const char *format, ...) {
  va_list values;
  va_start(values, format);
  refusal->code = code;
  vsnprintf(refusal->text, sizeof refusal->text, format, values);
  va_end(values);
  return false;
}

static bool path_is_good(struct view path) {
  if (path.size == 0 || path.size >= 4096 || memchr(path.data, 0, path.size)) return false;
  for (size_t start = 0; start <= path.size;) {
    const uint8_t *slash = memchr(path.data + start, '/', path.size - start);
    size_t length = slash ? (size_t)(slash - path.data) - start : path.size - start;
    const char *name = (const char *)path.data + start;
    if (length == 0 || length > 255 || (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.')))) return false;
    start += length + 1;
  }
  return true;
}

void copy_path(struct view path, char text[4096]) {
  memcpy(text, path.data, path.size);
  text[path.size] = 0;
}

static bool within(uint64_t value, uint64_t least, uint64_t most, const char *what, struct refusal *refusal) {
  if (value >= least && value <= most) return true;
  return refuse(refusal, ERROR_OUT_OF_RANGE, "%s is %llu, it must be from %llu to %llu", what, (ULL)value, (ULL)least, (ULL)most);
}

static bool ranges_are_good(const struct run_request *run, struct refusal *refusal) {
  const uint64_t DAY = 86400 * SECOND, TIB = MIB * MIB;
  const struct limits *limits = &run->limits;
  const uint64_t *or_none[] = {&limits->idle, &limits->address_space, &limits->data};
#define CHECK_LIMIT(name, bytes, least, most, text)                                        \
  {                                                                                        \
    bool none = false;                                                                     \
    for (unsigned i = 0; i < COUNT_OF(or_none); i++)                                       \
      none |= or_none[i] == &limits->name && limits->name == 0;                            \
    if (!none && !within(limits->name, least, most, text, refusal)) return false;          \
  }
  LIMITS(CHECK_LIMIT)
  for (unsigned i = 0; i < run->fd_count; i++) {
    const struct fd_request *fd = &run->fds[i];
    bool kept = fd->kind == FD_CAPTURE || fd->kind == FD_WRITE, terminal = fd->kind == FD_TERMINAL;
    if (!within(fd->cap, 0, kept ? 256 * MIB : (uint64_t)1 << 62, "the cap of a stream", refusal)) return false;
    if (terminal && !(within(fd->rows, 1, 4096, "the rows", refusal) && within(fd->columns, 1, 4096, "the columns", refusal)))
      return false;
  }
  return within(run->keep_cap, 0, TIB, "the cap of the artifact", refusal) &&
         within(run->collect_cap, 0, 1024 * MIB, "the cap of collected files", refusal) &&
         within(run->collect.count, 0, PATHS_MAX, "the number of collected files", refusal) &&
         within(run->cpus.size, 0, 128, "the bytes of the processors", refusal) &&
         within(run->argv.count, 1, UINT16_MAX, "the number of arguments", refusal);
}

static struct list read_texts(struct reader *reader, bool *nul) {
  struct list list = {.count = (uint32_t)read_uint(reader, 2)};
  list.at = *reader;
  for (uint32_t i = 0; i < list.count && !reader->bad; i++) {
    struct view text = read_view(reader, 4);
    *nul |= text.size && memchr(text.data, 0, text.size);
  }
  return list;
}

/* Null, or what is wrong with a descriptor. */
static const char *read_fd(struct reader *reader, struct run_request *run, unsigned index) {
  struct fd_request *fd = &run->fds[index];
  uint64_t kind = read_uint(reader, 1);
  if (kind >= FD_KINDS) return "a descriptor has an unknown kind";
  *fd = (struct fd_request){.kind = (enum fd_kind)kind};
  if (kind == FD_CONTENT) fd->content = read_view(reader, 8);
  if (kind == FD_READ || kind == FD_WRITE) fd->pipe = read_view(reader, 0);
  if (kind == FD_WRITE) fd->cap = read_uint(reader, 8);
  if (kind == FD_SAME) fd->same = (uint8_t)read_uint(reader, 1);
  if (kind == FD_SAME && fd->same >= index) return "a descriptor is the same as one that comes later";
  if (kind == FD_CAPTURE || kind == FD_OUTPUT || kind == FD_TERMINAL) {
    fd->cap = read_uint(reader, 8);
    uint64_t stop = read_uint(reader, 1);
    if (stop > 1) return "a flag is neither 0 nor 1";
    fd->stop = stop;
  }
  if (kind != FD_TERMINAL) return NULL;
  fd->rows = (uint16_t)read_uint(reader, 2);
  fd->columns = (uint16_t)read_uint(reader, 2);
  for (unsigned i = 0; i < index; i++)
    if (run->fds[i].kind == FD_TERMINAL) return "a run has at most one terminal";
  return NULL;
}

/* Null, or what is wrong; `good_paths` and `good_modes` are told by the caller. */
static const char *read_files(struct reader *reader, struct run_request *run, bool *good_paths, bool *good_modes) {
  run->files.count = (uint32_t)read_uint(reader, 2);
  run->files.at = *reader;
  for (uint32_t i = 0; i < run->files.count && !reader->bad; i++) {
    *good_paths &= path_is_good(read_view(reader, 2));
    uint64_t mode = read_uint(reader, 4);
    struct view bytes = read_view(reader, 8);
    *good_modes &= mode <= 0777 || mode == MODE_LINK;
    if (mode == MODE_LINK && (bytes.size == 0 || bytes.size >= 4096 || memchr(bytes.data, 0, bytes.size)))
      return "the target of a link is empty, too long or contains a NUL byte";
  }
  return NULL;
}

bool parse_run(struct view payload, struct run_request *run, struct refusal *refusal) {
  struct reader reader = {payload.data, payload.data + payload.size, false};
  *run = (struct run_request){.id = (uint32_t)read_uint(&reader, 4)};
  struct view image = read_view(&reader, 2);
  bool nul = false, good_paths = true, good_modes = true;
  const char *wrong = NULL;
  run->argv = read_texts(&reader, &nul);
  run->env = read_texts(&reader, &nul);
#define READ_LIMIT(name, bytes, least, most, text) run->limits.name = read_uint(&reader, bytes);
  LIMITS(READ_LIMIT)
  run->cpus = read_view(&reader, 2);
  uint64_t hold = read_uint(&reader, 1), fd_count = read_uint(&reader, 1);
  if (fd_count > FDS_MAX) return refuse(refusal, ERROR_MALFORMED, "a run has at most %d descriptors", FDS_MAX);
  run->fd_count = (unsigned)fd_count;
  for (unsigned i = 0; i < run->fd_count && !wrong; i++) wrong = read_fd(&reader, run, i);
  if (wrong) return refuse(refusal, ERROR_MALFORMED, "%s", wrong);
  struct view base = read_view(&reader, 0);
  memcpy(run->base, base.data, base.size);
  wrong = read_files(&reader, run, &good_paths, &good_modes);
  uint64_t keep = read_uint(&reader, 1);
  run->keep_cap = read_uint(&reader, 8);
  run->collect.count = (uint32_t)read_uint(&reader, 2);
  run->collect.at = reader;
  for (uint32_t i = 0; i < run->collect.count && !reader.bad; i++) good_paths &= path_is_good(read_view(&reader, 2));
  run->collect_cap = read_uint(&reader, 8);
  run->collect_each = read_uint(&reader, 8);
  uint64_t truncate = read_uint(&reader, 1);

  if (reader.bad) return refuse(refusal, ERROR_MALFORMED, "the run ends before its last field");
  if (reader.at != reader.end) return refuse(refusal, ERROR_MALFORMED, "bytes follow the run's last field");
  for (unsigned i = 0; i < run->fd_count; i++)
    if ((run->fds[i].kind == FD_READ || run->fds[i].kind == FD_WRITE) && !hold)
      return refuse(refusal, ERROR_MALFORMED, "a run with pipes to another run must be held");
  if (hold > 1 || keep > 1 || truncate > 1) return refuse(refusal, ERROR_MALFORMED, "a flag is neither 0 nor 1");
  run->hold = hold;
  run->keep = keep;
  run->truncate = truncate;
  memcpy(run->image, image.data, image.size < 64 ? image.size : 64);
  if (image.size != 64 || strspn(run->image, "0123456789abcdef") != 64)
    return refuse(refusal, ERROR_UNKNOWN_IMAGE, "an image is named by 64 lower-case hexadecimal digits");
  if (!good_paths)
    return refuse(refusal, ERROR_BAD_PATH, "a path must be relative, with neither empty nor '.' nor '..' components");
  if (!good_modes) return refuse(refusal, ERROR_OUT_OF_RANGE, "a file's mode must be from 0 to 0777, or that of a link");
  if (nul) return refuse(refusal, ERROR_OUT_OF_RANGE, "an argument or variable contains a NUL byte");
  if (wrong) return refuse(refusal, ERROR_OUT_OF_RANGE, "%s", wrong);
  return ranges_are_good(run, refusal);
}

enum inbox_state inbox_receive(struct inbox *inbox, int client, int flags) {
  for (;;) {
    bool in_head = inbox->head_size < sizeof inbox->head;
    if (!in_head && inbox->size == inbox->need) return INBOX_FRAME;
    uint8_t *target = in_head ? inbox->head + inbox->head_size : inbox->data + inbox->size;
    size_t most = in_head ? sizeof inbox->head - inbox->head_size : inbox->need - inbox->size;
    if (!in_head) {
      /* Memory follows what has really come, not what a length promises. */
      if (inbox->size == inbox->room) {
        if (!make_room(&inbox->data, &inbox->room, inbox->size + 1)) return INBOX_TOO_LARGE;
        target = inbox->data + inbox->size;
      }
      if (most > inbox->room - inbox->size) most = inbox->room - inbox->size;
    }
    ssize_t got = recv(client, target, most, flags);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return INBOX_WAIT;
    if (got <= 0) return INBOX_CLOSED;
    if (!in_head) {
      inbox->size += (size_t)got;
      continue;
    }
    inbox->head_size += (size_t)got;
    if (inbox->head_size < sizeof inbox->head) continue;
    struct reader head = {inbox->head, inbox->head + sizeof inbox->head, false};
    inbox->need = (size_t)read_uint(&head, 4);
    if (inbox->need == 0) return INBOX_MALFORMED;
    if (inbox->need > FRAME_MAX) return INBOX_TOO_LARGE;
    if (inbox->room == 0 && !make_room(&inbox->data, &inbox->room, KEPT_ROOM)) return INBOX_TOO_LARGE;
  }
}

void inbox_next(struct inbox *inbox) {
  if (inbox->room > KEPT_ROOM) {
    free(inbox->data);
    inbox->data = NULL;
    inbox->room = 0;
  }
  inbox->head_size = inbox->size = inbox->need = 0;
}

bool send_all(int client, const void *data, size_t size, uint64_t deadline) {
  for (const uint8_t *at = data; size > 0;) {
    ssize_t sent = send(client, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      at += sent;
      size -= (size_t)sent;
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    struct pollfd wait = {.fd = client, .events = POLLOUT};
    if (now_ns() >= deadline || poll(&wait, 1, SEND_IDLE_MS) == 0) return false;
  }
  return true;
}
