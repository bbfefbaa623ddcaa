#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define KEPT_ROOM (256 * 1024)
#define PATHS_MAX 4096

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
  uint64_t size = length_bytes ? read_uint(reader, length_bytes) : ARTIFACT_SIZE;
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

void put_data(struct writer *writer, const void *data, size_t size) {
  if (writer->bad || !make_room(&writer->data, &writer->room, writer->size + size)) {
    writer->bad = true;
    return;
  }
  if (size) memcpy(writer->data + writer->size, data, size);
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
    const uint8_t *name = path.data + start;
    if (length == 0 || length > 255 || (length == 1 && name[0] == '.') ||
        (length == 2 && name[0] == '.' && name[1] == '.'))
      return false;
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
  return refuse(refusal, ERROR_OUT_OF_RANGE, "%s is %llu, it must be from %llu to %llu", what,
                (unsigned long long)value, (unsigned long long)least, (unsigned long long)most);
}

static bool limits_are_good(const struct run_request *run, struct refusal *refusal) {
  const struct limits *limits = &run->limits;
  const uint64_t day = 86400000 * MS, tebibyte = MIB * MIB;
  return within(limits->cpu, MS, day, "the CPU limit (ns)", refusal) &&
         within(limits->wall, MS, day, "the wall limit (ns)", refusal) &&
         within(limits->memory, MIB, 16 * tebibyte, "the memory limit", refusal) &&
         within(limits->processes, 1, 32768, "the process limit", refusal) &&
         within(limits->cpu_rate, 0, 1000000, "the CPU rate", refusal) &&
         within(limits->disk, 4096, tebibyte, "the disk limit", refusal) &&
         within(limits->inodes, 2, 1 << 24, "the inode limit", refusal) &&
         within(limits->stack, 65536, tebibyte, "the stack limit", refusal) &&
         within(limits->file, 0, tebibyte, "the file size limit", refusal) &&
         within(limits->open_files, 4, 1 << 20, "the limit of open files", refusal) &&
         within(limits->stdout_cap, 0, 256 * MIB, "the cap of stdout", refusal) &&
         within(limits->stderr_cap, 0, 256 * MIB, "the cap of stderr", refusal) &&
         within(run->keep_cap, 0, tebibyte, "the cap of the artifact", refusal) &&
         within(run->collect_cap, 0, 1024 * MIB, "the cap of collected files", refusal) &&
         within(run->collect.count, 0, PATHS_MAX, "the number of collected files", refusal) &&
         within(run->argv.count, 1, UINT16_MAX, "the number of arguments", refusal);
}

static struct list read_texts(struct reader *reader, unsigned length_bytes, bool *nul) {
  struct list list = {.count = (uint32_t)read_uint(reader, 2)};
  list.at = *reader;
  for (uint32_t i = 0; i < list.count && !reader->bad; i++) {
    struct view text = read_view(reader, length_bytes);
    if (text.size && memchr(text.data, 0, text.size)) *nul = true;
  }
  return list;
}

bool parse_run(struct view payload, struct run_request *run, struct refusal *refusal) {
  struct reader reader = {payload.data, payload.data + payload.size, false};
  *run = (struct run_request){.id = (uint32_t)read_uint(&reader, 4)};
  struct view image = read_view(&reader, 2);
  bool nul = false;
  run->argv = read_texts(&reader, 4, &nul);
  run->env = read_texts(&reader, 4, &nul);
  struct limits *limits = &run->limits;
  limits->cpu = read_uint(&reader, 8);
  limits->wall = read_uint(&reader, 8);
  limits->memory = read_uint(&reader, 8);
  limits->processes = (uint32_t)read_uint(&reader, 4);
  limits->cpu_rate = (uint32_t)read_uint(&reader, 4);
  limits->disk = read_uint(&reader, 8);
  limits->inodes = (uint32_t)read_uint(&reader, 4);
  limits->stack = read_uint(&reader, 8);
  limits->file = read_uint(&reader, 8);
  limits->open_files = (uint32_t)read_uint(&reader, 4);
  limits->stdout_cap = read_uint(&reader, 8);
  limits->stderr_cap = read_uint(&reader, 8);
  uint64_t on_output = read_uint(&reader, 1);
  run->input = read_view(&reader, 8);
  struct view base = read_view(&reader, 0);
  run->files.count = (uint32_t)read_uint(&reader, 2);
  run->files.at = reader;
  bool good_paths = true, good_modes = true;
  for (uint32_t i = 0; i < run->files.count && !reader.bad; i++) {
    good_paths &= path_is_good(read_view(&reader, 2));
    good_modes &= read_uint(&reader, 4) <= 0777;
    read_view(&reader, 8);
  }
  uint64_t keep = read_uint(&reader, 1);
  run->keep_cap = read_uint(&reader, 8);
  run->collect.count = (uint32_t)read_uint(&reader, 2);
  run->collect.at = reader;
  for (uint32_t i = 0; i < run->collect.count && !reader.bad; i++)
    good_paths &= path_is_good(read_view(&reader, 2));
  run->collect_cap = read_uint(&reader, 8);

  if (reader.bad) return refuse(refusal, ERROR_MALFORMED, "the run ends before its last field");
  if (reader.at != reader.end) return refuse(refusal, ERROR_MALFORMED, "bytes follow the run's last field");
  if (on_output > 1 || keep > 1) return refuse(refusal, ERROR_MALFORMED, "a flag is neither 0 nor 1");
  memcpy(run->base, base.data, ARTIFACT_SIZE);
  run->stop_on_output = on_output;
  run->keep = keep;
  memcpy(run->image, image.data, image.size < 64 ? image.size : 64);
  if (image.size != 64 || strspn(run->image, "0123456789abcdef") != 64)
    return refuse(refusal, ERROR_UNKNOWN_IMAGE, "an image is named by 64 lower-case hexadecimal digits");
  if (!good_paths)
    return refuse(refusal, ERROR_BAD_PATH,
                  "a path must be relative, with neither empty nor '.' nor '..' components");
  if (!good_modes) return refuse(refusal, ERROR_OUT_OF_RANGE, "a file's mode must be from 0 to 0777");
  if (nul) return refuse(refusal, ERROR_OUT_OF_RANGE, "an argument or variable contains a NUL byte");
  return limits_are_good(run, refusal);
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
  const uint8_t *at = data;
  while (size > 0) {
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

bool send_frame(int client, enum frame_type type, const struct writer *payload) {
  struct writer frame = {0};
  put_uint(&frame, 4, payload->size + 1);
  put_uint(&frame, 1, type);
  put_data(&frame, payload->data, payload->size);
  bool sent = !frame.bad && !payload->bad && send_all(client, frame.data, frame.size, now_ns() + SEND_NS);
  free(frame.data);
  return sent;
}

bool send_error(int client, uint32_t run, const struct refusal *refusal) {
  struct writer payload = {0};
  put_uint(&payload, 4, run);
  put_uint(&payload, 2, refusal->code);
  put_text(&payload, refusal->text);
  bool sent = send_frame(client, FRAME_ERROR, &payload);
  free(payload.data);
  return sent;
}
