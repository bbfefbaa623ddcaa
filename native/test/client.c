#include "client.h"

#include <sys/time.h>
#include <sys/un.h>

struct spec spec_of(const char *image, const char *const *argv) {
  struct spec spec = {.id = 1,
                      .image = image,
                      .env = {"PATH=/bin:/usr/bin"},
                      .limits = {.cpu = 10000 * MS,
                                 .wall = 20000 * MS,
                                 .memory = 256 * MIB,
                                 .processes = 32,
                                 .disk = 16 * MIB,
                                 .inodes = 1000,
                                 .stack = 8 * MIB,
                                 .file = 8 * MIB,
                                 .open_files = 64},
                      .stdout_cap = 65536,
                      .stderr_cap = 65536,
                      .collect_each = UINT64_MAX,
                      .keep_cap = 16 * MIB,
                      .collect_cap = 16 * MIB};
  for (unsigned i = 0; i < COUNT_OF(spec.argv) - 1 && argv[i]; i++) spec.argv[i] = argv[i];
  return spec;
}

static void put_texts(struct writer *payload, const char *const *texts, unsigned most, unsigned length_bytes) {
  unsigned count = 0;
  while (count < most && texts[count]) count++;
  put_uint(payload, 2, count);
  for (unsigned i = 0; i < count; i++) {
    put_uint(payload, length_bytes, strlen(texts[i]));
    put_data(payload, texts[i], strlen(texts[i]));
  }
}

static void put_fd(struct writer *payload, const struct fd_spec *fd) {
  put_uint(payload, 1, fd->kind);
  switch (fd->kind) {
    case FD_CONTENT:
      put_uint(payload, 8, fd->size);
      put_data(payload, fd->bytes, fd->size);
      break;
    case FD_TERMINAL:
    case FD_CAPTURE:
    case FD_OUTPUT:
      put_uint(payload, 8, fd->cap);
      put_uint(payload, 1, fd->stop);
      if (fd->kind != FD_TERMINAL) break;
      put_uint(payload, 2, fd->rows);
      put_uint(payload, 2, fd->columns);
      break;
    case FD_READ:
    case FD_WRITE:
      put_data(payload, fd->bytes, ID_SIZE);
      if (fd->kind == FD_WRITE) put_uint(payload, 8, fd->cap);
      break;
    case FD_SAME: put_uint(payload, 1, fd->same); break;
    default: break;
  }
}

static void put_fds(struct writer *payload, const struct spec *spec) {
  const struct fd_spec usual[] = {{.kind = FD_CONTENT, .bytes = spec->input, .size = spec->input_size},
                                  {.kind = FD_CAPTURE, .cap = spec->stdout_cap, .stop = spec->stop_on_output},
                                  {.kind = FD_CAPTURE, .cap = spec->stderr_cap, .stop = spec->stop_on_output}};
  unsigned count = spec->fd_count ? spec->fd_count : COUNT_OF(usual);
  put_uint(payload, 1, count);
  for (unsigned i = 0; i < count; i++) put_fd(payload, spec->fd_count ? &spec->fds[i] : &usual[i]);
}

void encode_run(const struct spec *spec, struct writer *payload) {
  unsigned files = 0;
  put_uint(payload, 4, spec->id);
  put_text(payload, spec->image);
  put_texts(payload, spec->argv, COUNT_OF(spec->argv), 4);
  put_texts(payload, spec->env, COUNT_OF(spec->env), 4);
#define PUT_LIMIT(name, bytes, least, most, text) put_uint(payload, bytes, spec->limits.name);
  LIMITS(PUT_LIMIT)
  put_uint(payload, 2, spec->cpus_size);
  put_data(payload, spec->cpus, spec->cpus_size);
  put_uint(payload, 1, spec->hold);
  put_fds(payload, spec);
  put_data(payload, spec->base, ID_SIZE);
  while (files < COUNT_OF(spec->files) && spec->files[files].path) files++;
  put_uint(payload, 2, files);
  for (unsigned i = 0; i < files; i++) {
    put_text(payload, spec->files[i].path);
    put_uint(payload, 4, spec->files[i].mode);
    put_uint(payload, 8, spec->files[i].size);
    put_data(payload, spec->files[i].data, spec->files[i].size);
  }
  put_uint(payload, 1, spec->keep);
  put_uint(payload, 8, spec->keep_cap);
  put_texts(payload, spec->collect, COUNT_OF(spec->collect), 2);
  put_uint(payload, 8, spec->collect_cap);
  put_uint(payload, 8, spec->collect_each);
  put_uint(payload, 1, spec->truncate);
}

int client_connect(const char *path, unsigned seconds) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval limit = {seconds, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (!connect(client, (struct sockaddr *)&address, sizeof address)) return client;
  close(client);
  return -1;
}

bool client_send(int client, uint8_t type, const struct writer *payload) {
  struct writer frame = {0};
  put_uint(&frame, 4, payload->size + 1);
  put_uint(&frame, 1, type);
  put_data(&frame, payload->data, payload->size);
  bool sent = send(client, frame.data, frame.size, MSG_NOSIGNAL) == (ssize_t)frame.size;
  free(frame.data);
  return sent;
}

static bool receive_all(int client, uint8_t *data, size_t size) {
  while (size > 0) {
    ssize_t got = recv(client, data, size, 0);
    if (got <= 0) return false;
    data += got;
    size -= (size_t)got;
  }
  return true;
}

uint8_t *client_receive(int client, size_t *size) {
  uint8_t head[4];
  if (!receive_all(client, head, sizeof head)) return NULL;
  struct reader reader = {head, head + sizeof head, false};
  *size = (size_t)read_uint(&reader, 4);
  uint8_t *frame = malloc(*size + 1);
  if (frame && receive_all(client, frame, *size)) return frame;
  free(frame);
  return NULL;
}

uint32_t client_hello(int client) {
  struct writer payload = {0};
  size_t size = 0;
  put_uint(&payload, 2, WIRE_VERSION);
  bool sent = client_send(client, FRAME_HELLO, &payload);
  free(payload.data);
  uint8_t *frame = sent ? client_receive(client, &size) : NULL;
  struct reader reader = {frame, frame ? frame + size : frame, false};
  bool hello = frame && read_uint(&reader, 1) == FRAME_HELLO_REPLY;
  read_uint(&reader, 2), read_uint(&reader, 2), read_uint(&reader, 2), read_uint(&reader, 4);
  uint32_t uid = (uint32_t)read_uint(&reader, 4);
  free(frame);
  return hello && !reader.bad ? uid : 0;
}

bool client_start(int client, const struct spec *spec) {
  struct writer payload = {0};
  encode_run(spec, &payload);
  bool sent = client_send(client, FRAME_RUN, &payload);
  free(payload.data);
  return sent;
}

bool client_tell(int client, uint8_t type, uint32_t id, const void *data, size_t size) {
  struct writer payload = {0};
  put_uint(&payload, 4, id);
  put_data(&payload, data, size);
  bool sent = client_send(client, type, &payload);
  free(payload.data);
  return sent;
}

bool client_cancel(int client, uint32_t id) {
  return client_tell(client, FRAME_CANCEL, id, NULL, 0);
}

bool client_input(int client, uint32_t id, uint8_t fd, const void *data, size_t size) {
  struct writer bytes = {0};
  put_uint(&bytes, 1, fd);
  put_data(&bytes, data, size);
  bool sent = client_tell(client, FRAME_INPUT, id, bytes.data, bytes.size);
  free(bytes.data);
  return sent;
}

bool client_taken(int client, uint32_t id, uint8_t fd, uint32_t size) {
  const uint8_t bytes[] = {fd, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};
  return client_tell(client, FRAME_TAKEN, id, bytes, sizeof bytes);
}

const uint8_t *client_expect(int client, uint8_t type, uint8_t **frame, size_t *size) {
  *frame = client_receive(client, size);
  if (!*frame || *size < 5 || **frame != type) return NULL;
  *size -= 5;
  return *frame + 5;
}

static char *text_of(struct view view) {
  char *text = malloc(view.size + 1);
  memcpy(text, view.data, view.size);
  text[view.size] = 0;
  return text;
}

static void read_texts(struct reader *reader, char *text, size_t size) {
  struct view view = read_view(reader, 2);
  snprintf(text, size, "%.*s", (int)view.size, (const char *)view.data);
}

static void read_outcome(struct reader *reader, struct outcome *outcome) {
  outcome->status = (uint8_t)read_uint(reader, 1);
  outcome->exit_code = (int32_t)read_uint(reader, 4);
  outcome->signal = (int32_t)read_uint(reader, 4);
  uint64_t *times[] = {&outcome->user, &outcome->system, &outcome->wall, &outcome->setup, &outcome->ended_at, &outcome->passed_end_at, &outcome->memory};
  for (unsigned i = 0; i < COUNT_OF(times); i++) *times[i] = read_uint(reader, 8);
  outcome->memory_cause = (uint32_t)read_uint(reader, 1);
  outcome->processes = (uint32_t)read_uint(reader, 4);
  outcome->ooms = (uint32_t)read_uint(reader, 4);
  outcome->hits = (uint32_t)read_uint(reader, 4);
  outcome->voluntary = read_uint(reader, 8);
  outcome->involuntary = read_uint(reader, 8);
  outcome->waited = read_uint(reader, 8);
  outcome->waited_of = (uint32_t)read_uint(reader, 1);
  outcome->stolen = read_uint(reader, 8);
  outcome->runnable = (uint32_t)read_uint(reader, 4);
  outcome->file_bytes = read_uint(reader, 8);
  outcome->isolation = (uint32_t)read_uint(reader, 4);
  for (uint64_t left = read_uint(reader, 2); left > 0; left--) {
    char name[64];
    size_t used = strlen(outcome->refused);
    read_texts(reader, name, sizeof name);
    uint32_t count = (uint32_t)read_uint(reader, 4);
    outcome->refused_total += count;
    snprintf(outcome->refused + used, sizeof outcome->refused - used, "%s=%u ", name, count);
  }
  read_texts(reader, outcome->message, sizeof outcome->message);
  struct view artifact = read_view(reader, 0);
  memcpy(outcome->artifact, artifact.data, artifact.size);
  outcome->artifact_bytes = read_uint(reader, 8);
  outcome->artifact_entries = (uint32_t)read_uint(reader, 4);
  outcome->artifact_skipped = (uint32_t)read_uint(reader, 4);
  outcome->fd_count = (unsigned)read_uint(reader, 1);
  for (unsigned i = 0; i < outcome->fd_count && i < FDS_MAX; i++) {
    outcome->fds[i].total = read_uint(reader, 8);
    struct view bytes = read_view(reader, 8);
    outcome->fds[i].size = bytes.size;
    outcome->fds[i].bytes = text_of(bytes);
  }
  outcome->out = outcome->fds[1].bytes, outcome->err = outcome->fds[2].bytes;
  outcome->out_size = outcome->fds[1].size, outcome->err_size = outcome->fds[2].size;
  outcome->out_total = outcome->fds[1].total, outcome->err_total = outcome->fds[2].total;
  outcome->collected_count = (unsigned)read_uint(reader, 2);
  for (unsigned i = 0; i < outcome->collected_count && i < COUNT_OF(outcome->collected); i++) {
    read_view(reader, 2);
    outcome->collected[i].state = (uint8_t)read_uint(reader, 1);
    struct view data = read_view(reader, 8);
    outcome->collected[i].size = data.size;
    outcome->collected[i].data = (uint8_t *)data.data;
  }
}

struct outcome client_answer(uint8_t *frame, size_t size) {
  struct outcome outcome = {.frame = frame};
  struct reader reader = {frame, frame + size, false};
  outcome.type = (uint32_t)read_uint(&reader, 1);
  outcome.id = (uint32_t)read_uint(&reader, 4);
  if (outcome.type == FRAME_OUTCOME) {
    read_outcome(&reader, &outcome);
  } else {
    outcome.code = (uint16_t)read_uint(&reader, 2);
    read_texts(&reader, outcome.message, sizeof outcome.message);
  }
  if (reader.bad || reader.at != reader.end) outcome.type = 0;
  return outcome;
}

struct outcome client_outcome(int client) {
  for (;;) {
    size_t size;
    uint8_t *frame = client_receive(client, &size);
    if (!frame) return (struct outcome){0};
    if (*frame != FRAME_OUTPUT && *frame != FRAME_TAKEN_REPLY) return client_answer(frame, size);
    struct reader reader = {frame + 1, frame + size, false};
    uint32_t id = (uint32_t)read_uint(&reader, 4);
    uint8_t fd = (uint8_t)read_uint(&reader, 1);
    if (*frame == FRAME_OUTPUT) client_taken(client, id, fd, (uint32_t)(reader.end - reader.at));
    free(frame);
  }
}

struct outcome client_run(int client, const struct spec *spec) {
  if (!client_start(client, spec)) return (struct outcome){0};
  return client_outcome(client);
}

int client_forget(int client, const uint8_t id[ID_SIZE]) {
  struct writer payload = {0};
  size_t size;
  put_data(&payload, id, ID_SIZE);
  bool sent = client_send(client, FRAME_FORGET, &payload);
  free(payload.data);
  uint8_t *frame = sent ? client_receive(client, &size) : NULL;
  if (!frame) return -1;
  struct reader reader = {frame, frame + size, false};
  int removed = read_uint(&reader, 1) == FRAME_FORGOTTEN ? (int)read_uint(&reader, 4) : -1;
  free(frame);
  return removed;
}

void outcome_free(struct outcome *outcome) {
  free(outcome->frame);
  for (unsigned i = 0; i < FDS_MAX; i++) free(outcome->fds[i].bytes);
  *outcome = (struct outcome){0};
}
