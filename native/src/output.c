#define _GNU_SOURCE
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FIRST_ROOM (64 * 1024)
/* So that an endless writer can't keep the supervisor from its timers. */
#define READS_AT_ONCE 8

int capture_open(struct capture *capture, uint64_t cap, int null) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return -1;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  capture->fd = ends[0];
  capture->cap = cap;
  capture->null = null;
  capture->size = 0;
  capture->total = 0;
  return ends[1];
}

static bool grow(struct capture *capture) {
  if (capture->size < capture->room) return true;
  size_t larger = capture->room ? capture->room * 2 : FIRST_ROOM;
  uint8_t *moved = realloc(capture->data, larger);
  if (!moved) return false;
  capture->data = moved;
  capture->room = larger;
  return true;
}

/* 1 = something was read, 0 = nothing is there, -1 = the end. */
static int read_once(struct capture *capture) {
  bool kept = capture->size < capture->cap && grow(capture);
  ssize_t got;
  if (kept) {
    size_t most = capture->room - capture->size;
    if (most > capture->cap - capture->size) most = (size_t)(capture->cap - capture->size);
    got = read(capture->fd, capture->data + capture->size, most);
  } else {
    /* The pages are dropped, not copied: what a program floods must not cost us what it costs the program. */
    got = splice(capture->fd, NULL, capture->null, NULL, MIB, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  }
  if (got < 0) return errno == EINTR ? 1 : errno == EAGAIN ? 0 : -1;
  if (got == 0) return -1;
  capture->total += (uint64_t)got;
  if (kept) capture->size += (size_t)got;
  return 1;
}

bool capture_read(struct capture *capture) {
  int state = 1;
  for (int i = 0; i < READS_AT_ONCE && state > 0; i++) state = read_once(capture);
  return state >= 0;
}

void capture_finish(struct capture *capture) {
  while (capture->fd >= 0 && read_once(capture) > 0) continue;
  close_fd(&capture->fd);
}

void capture_reset(struct capture *capture) {
  close_fd(&capture->fd);
  if (capture->room > FIRST_ROOM) {
    free(capture->data);
    capture->data = NULL;
    capture->room = 0;
  }
  capture->size = 0;
}
