#define _GNU_SOURCE
#include "live.h"

#include <stdlib.h>

struct live live_start(unsigned slot, const struct spec *spec) {
  struct live live = {.id = spec->id};
  live.client = slot_connect(slot, &live.uid);
  live.over = live.client < 0 || !client_start(live.client, spec);
  return live;
}

static void hear(struct live *live, struct reader reader) {
  unsigned fd = (unsigned)read_uint(&reader, 1);
  size_t size = (size_t)(reader.end - reader.at);
  if (fd >= FDS_MAX) return;
  live->heard[fd] = realloc(live->heard[fd], live->size[fd] + size + 1);
  memcpy(live->heard[fd] + live->size[fd], reader.at, size);
  live->size[fd] += size;
  live->heard[fd][live->size[fd]] = 0;
  if (!live->withhold) client_taken(live->client, live->id, (uint8_t)fd, (uint32_t)size);
}

bool live_next(struct live *live) {
  size_t size = 0;
  uint8_t *frame = live->over ? NULL : client_receive(live->client, &size);
  struct reader reader = {frame, frame ? frame + size : frame, false};
  uint64_t type = read_uint(&reader, 1);
  read_uint(&reader, 4);
  live->held |= type == FRAME_HELD;
  if (type == FRAME_OUTPUT) {
    hear(live, reader);
  } else if (type == FRAME_TAKEN_REPLY) {
    unsigned fd = (unsigned)read_uint(&reader, 1);
    live->taken[fd % FDS_MAX] += read_uint(&reader, 4);
  } else if (type != FRAME_HELD) {
    if (frame) live->outcome = client_answer(frame, size);
    live->over = true;
    return false;
  }
  free(frame);
  return true;
}

bool live_hears(struct live *live, unsigned fd, const char *text) {
  while (!live->heard[fd] || !memmem(live->heard[fd], live->size[fd], text, strlen(text)))
    if (!live_next(live)) return false;
  return true;
}

bool live_has(struct live *live, unsigned fd, size_t size) {
  while (live->size[fd] < size)
    if (!live_next(live)) return false;
  return true;
}

bool live_took(struct live *live, unsigned fd, uint64_t size) {
  while (live->taken[fd] < size)
    if (!live_next(live)) return false;
  return true;
}

bool live_is_held(struct live *live) {
  while (!live->held)
    if (!live_next(live)) return false;
  return true;
}

bool live_says(const struct live *live, unsigned fd, const char *text) {
  return client_input(live->client, live->id, (uint8_t)fd, text, strlen(text));
}

bool live_go(const struct live *live) {
  return client_tell(live->client, FRAME_GO, live->id, NULL, 0);
}

const struct outcome *live_end(struct live *live) {
  while (live_next(live)) continue;
  return &live->outcome;
}

bool live_fails(struct live *live, unsigned code) {
  size_t size;
  const struct outcome *end = live_end(live);
  if (end->type != FRAME_ERROR || end->code != code || end->id != live->id) {
    printf("  type %u, code %u: %s\n", end->type, end->code, end->message);
    return false;
  }
  uint8_t *more = client_receive(live->client, &size);
  free(more);
  return !more;
}

void live_free(struct live *live) {
  close_fd(&live->client);
  for (unsigned i = 0; i < FDS_MAX; i++) free(live->heard[i]);
  outcome_free(&live->outcome);
}
