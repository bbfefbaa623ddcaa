/*
 * The splitter of a connection into frames. The input is what a client sends, in pieces whose sizes
 * come from its first bytes; the frames must be those that a look at the whole shows, and memory
 * must follow what has come, not what a length promises. Frames that outgrow an inbox's first room
 * are longer than a fuzzer's inputs: zeros follow the input, as many as its first byte says.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATTERN 8
#define ZEROS_UNIT (size_t)(8 * 1024)

/* The next frame of the whole, or why there is none. */
static enum inbox_state expect(struct view *left, struct view *frame) {
  struct reader reader = {left->data, left->data + left->size, false};
  uint64_t size = read_uint(&reader, 4);
  if (reader.bad) return INBOX_CLOSED;
  if (size == 0) return INBOX_MALFORMED;
  if (size > FRAME_MAX) return INBOX_TOO_LARGE;
  if (size > left->size - 4) return INBOX_CLOSED;
  *frame = (struct view){left->data + 4, (size_t)size};
  *left = (struct view){left->data + 4 + size, left->size - 4 - (size_t)size};
  return INBOX_FRAME;
}

/* Takes whole frames out of what has come so far. */
static enum inbox_state take(struct inbox *inbox, int client, struct view *left) {
  for (;;) {
    enum inbox_state state = inbox_receive(inbox, client, MSG_DONTWAIT);
    if (state != INBOX_FRAME) return state;
    struct view frame;
    MUST(expect(left, &frame) == INBOX_FRAME);
    MUST(inbox->size == frame.size && !memcmp(inbox->data, frame.data, frame.size));
    inbox_next(inbox);
  }
}

static void check_stream(const uint8_t *pattern, struct view stream, int ends[2]) {
  struct inbox inbox = {0};
  struct view left = stream, frame;
  enum inbox_state state = INBOX_WAIT;
  size_t sent = 0;
  for (unsigned turn = 0; state == INBOX_WAIT && sent < stream.size; turn++) {
    size_t piece = 1 + (size_t)pattern[turn % PATTERN] * pattern[turn % PATTERN];
    if (piece > stream.size - sent) piece = stream.size - sent;
    MUST(send(ends[0], stream.data + sent, piece, MSG_NOSIGNAL) == (ssize_t)piece);
    sent += piece;
    state = take(&inbox, ends[1], &left);
    MUST(inbox.room <= 512 * 1024 || inbox.room <= 2 * sent + 8192);
  }
  close_fd(&ends[0]);
  if (state == INBOX_WAIT) state = take(&inbox, ends[1], &left);
  MUST(state == expect(&left, &frame));
  free(inbox.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  int ends[2];
  if (size < 1 + PATTERN) return 0;
  size -= 1 + PATTERN;
  size_t zeros = data[0] < 128 ? 0 : (size_t)(data[0] - 127) * ZEROS_UNIT;
  uint8_t *stream = calloc(1, size + zeros + 1);
  MUST(stream && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
  memcpy(stream, data + 1 + PATTERN, size);
  check_stream(data + 1, (struct view){stream, size + zeros}, ends);
  close_fd(&ends[0]);
  close_fd(&ends[1]);
  free(stream);
  return 0;
}
