/*
 * sessions SANDBOXD INSIDE SESSIONS [SEED]: so many connections with a real sandboxd, on which frames
 * of all kinds, whole and mutated, are sent without waiting for their answers.
 *
 * Whatever is sent, every frame that asks for something has exactly one answer, every answer is well-formed,
 * nothing follows an error that ends the connection, and the supervisors live through all of it.
 */
#define _GNU_SOURCE
#include "sandboxd.h"
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS 2
#define FRAMES_MAX 8
#define PATIENCE_MS 20

struct session {
  uint64_t state; /* of the random numbers */
  int client;
  uint32_t last_id;
  unsigned unanswered;
};

static uint64_t draw(struct session *session, uint64_t below) {
  session->state ^= session->state << 13, session->state ^= session->state >> 7, session->state ^= session->state << 17;
  return session->state % below;
}

static void replace(struct writer *text, size_t at, size_t old, const uint8_t *bytes, size_t size) {
  struct writer changed = {0};
  put_data(&changed, text->data, at);
  put_data(&changed, bytes, size);
  put_data(&changed, text->data + at + old, text->size - at - old);
  free(text->data);
  *text = changed;
}

/* Bits, numbers at the edges of their kinds, and bytes too few or too many. What comes first stays:
   only a run whose id is known can be cancelled. */
static void mutate(struct session *session, struct writer *text, size_t first) {
  static const uint64_t edges[] = {0, 1, 2, 127, 128, 255, 256, 65535, 65536, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
  uint8_t bytes[8];
  size_t at = first + (size_t)draw(session, text->size - first), left = text->size - at, size = (size_t)1 << draw(session, 4);
  uint64_t edge = edges[draw(session, COUNT_OF(edges))];
  for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(edge >> (8 * i));
  switch (draw(session, 5)) {
    case 0: text->data[at] ^= (uint8_t)(1 << draw(session, 8)); break;
    case 1: replace(text, at, size < left ? size : left, bytes, size); break;
    case 2: replace(text, at, size < left ? size : left, bytes, 0); break;
    case 3: replace(text, at, 0, bytes, size); break;
    default: text->data[at] = (uint8_t)draw(session, 256); break;
  }
}

static struct fd_spec draw_fd(struct session *session, unsigned index) {
  struct fd_spec fd = {.kind = (enum fd_kind)draw(session, FD_KINDS), .cap = draw(session, 10000), .stop = draw(session, 4) == 0};
  if (fd.kind == FD_CONTENT) fd.bytes = "some input", fd.size = (size_t)draw(session, 11);
  if (fd.kind == FD_READ || fd.kind == FD_WRITE) fd.bytes = "the name of pipe", fd.size = ID_SIZE;
  if (fd.kind == FD_TERMINAL) fd.rows = fd.columns = 24;
  if (fd.kind == FD_SAME) fd.same = index ? (uint8_t)draw(session, index) : 0;
  return fd;
}

static void put_run(struct session *session, struct writer *payload) {
  struct spec specs[] = {inside_spec("exit", "0", NULL),        inside_spec("output", "400000", NULL), inside_spec("cat", NULL),
                         inside_spec("write", "a", "x", NULL),  inside_spec("pause", NULL),            inside_spec("tricks", NULL),
                         inside_spec("refused-calls", NULL)};
  struct spec *spec = &specs[draw(session, COUNT_OF(specs))];
  spec->id = ++session->last_id;
  spec->input = "some input";
  spec->input_size = (size_t)draw(session, 11);
  spec->keep = draw(session, 4) == 0;
  spec->hold = draw(session, 4) == 0;
  spec->stop_on_output = draw(session, 4) == 0;
  spec->stdout_cap = draw(session, 10000);
  spec->limits.idle = draw(session, 4) == 0 ? 10 * MS : 0;
  for (unsigned i = draw(session, 2) ? (unsigned)draw(session, FDS_MAX) : 0; spec->fd_count < i; spec->fd_count++)
    spec->fds[spec->fd_count] = draw_fd(session, spec->fd_count);
  if (draw(session, 2)) spec->files[0] = (struct input_file){"d/file", 0644, "content", 7};
  if (draw(session, 2)) spec->files[1] = (struct input_file){"d/link", MODE_LINK, "../../outside", 13};
  if (draw(session, 8) == 0) spec->files[2] = (struct input_file){"d/link/x", 0644, "content", 7};
  if (draw(session, 2)) spec->collect[0] = "d/file";
  if (draw(session, 2)) spec->collect[spec->collect[0] ? 1 : 0] = "d/link";
  encode_run(spec, payload);
}

/* About a run that is in flight, or is not: no answer, unless it does not fit that run. */
static void put_about_run(struct session *session, uint8_t type, struct writer *payload) {
  put_uint(payload, 4, draw(session, 4) ? session->last_id : draw(session, 99));
  if (type == FRAME_CANCEL || type == FRAME_GO) return;
  put_uint(payload, 1, type == FRAME_SIGNAL ? draw(session, 32) : draw(session, 4));
  if (type == FRAME_TAKEN) put_uint(payload, 4, draw(session, 5000));
  if (type == FRAME_RESIZE) put_uint(payload, 8, draw(session, UINT64_MAX));
  if (type == FRAME_INPUT)
    for (uint64_t left = draw(session, 4) ? draw(session, 3000) : 0; left > 0; left--) put_uint(payload, 1, 'a');
}

static bool asks(uint8_t type) {
  return type != FRAME_CANCEL && (type < FRAME_INPUT || type > FRAME_GO);
}

static bool send_some(struct session *session) {
  static const uint8_t common[] = {FRAME_RUN, FRAME_RUN, FRAME_RUN, FRAME_RUN, FRAME_CANCEL, FRAME_INPUT, FRAME_INPUT, FRAME_RESIZE,
                                   FRAME_SIGNAL, FRAME_TAKEN, FRAME_GO, FRAME_GO, FRAME_HELLO, FRAME_FORGET};
  static const uint8_t rare[] = {0, 10, 77, 128, FRAME_HELLO_REPLY, FRAME_OUTCOME, FRAME_ERROR, 255};
  struct writer payload = {0};
  uint8_t type = draw(session, 16) ? common[draw(session, COUNT_OF(common))] : rare[draw(session, COUNT_OF(rare))];
  if (type == FRAME_RUN) put_run(session, &payload);
  else if (!asks(type)) put_about_run(session, type, &payload);
  else if (type == FRAME_HELLO) put_uint(&payload, 2, WIRE_VERSION);
  else for (unsigned i = 0; i < ID_SIZE; i++) put_uint(&payload, 1, type == FRAME_FORGET ? 0 : draw(session, 256));
  size_t first = type == FRAME_RUN || !asks(type) ? 4 : 0;
  for (uint64_t times = draw(session, 2) ? draw(session, 4) : 0; times > 0 && payload.size > first; times--)
    mutate(session, &payload, first);
  bool sent = client_send(session->client, type, &payload);
  free(payload.data);
  session->unanswered += asks(type);
  return sent;
}

/* A run that waits, or that became one, ends by being cancelled. */
static bool wait_for_answer(struct session *session) {
  for (unsigned i = 0; i < 500; i++) {
    struct pollfd fd = {.fd = session->client, .events = POLLIN};
    if (poll(&fd, 1, PATIENCE_MS) > 0) return true;
    for (uint32_t id = 0; id <= session->last_id; id++) client_cancel(session->client, id);
  }
  printf("  no answer\n");
  return false;
}

enum answer { GOOD, LAST, ENDED, BAD, NONE };

/* What belongs to a stream or to the start of a run answers nothing. */
static enum answer read_about_run(struct session *session, const uint8_t *frame, size_t size) {
  struct reader reader = {frame, frame + size, false};
  uint64_t type = read_uint(&reader, 1);
  read_uint(&reader, 4);
  if (type == FRAME_HELD) return reader.at == reader.end && !reader.bad ? NONE : BAD;
  uint8_t fd = (uint8_t)read_uint(&reader, 1);
  size_t bytes = (size_t)(reader.end - reader.at);
  if (fd >= FDS_MAX || bytes == 0 || (type == FRAME_TAKEN_REPLY && bytes != 4)) return BAD;
  if (type == FRAME_OUTPUT && draw(session, 4)) client_taken(session->client, session->last_id, fd, (uint32_t)bytes);
  return NONE;
}

static enum answer read_other(struct session *session) {
  size_t size = 0;
  uint8_t *frame = client_receive(session->client, &size);
  if (!frame) return BAD;
  struct reader reader = {frame, frame + size, false};
  uint64_t type = read_uint(&reader, 1);
  if (type >= FRAME_OUTPUT && type <= FRAME_HELD) {
    enum answer answer = read_about_run(session, frame, size);
    free(frame);
    return answer;
  }
  if (type == FRAME_HELLO_REPLY) {
    read_uint(&reader, 6), read_uint(&reader, 8);
    read_view(&reader, 2), read_view(&reader, 2);
  } else {
    reader.bad |= type != FRAME_FORGOTTEN;
    read_uint(&reader, 4);
  }
  bool good = !reader.bad && reader.at == reader.end;
  if (!good) printf("  an answer of type %u with %zu bytes\n", (unsigned)type, size);
  free(frame);
  return good ? GOOD : BAD;
}

static enum answer read_answer(struct session *session) {
  uint8_t head[5];
  if (!wait_for_answer(session)) return BAD;
  ssize_t got = recv(session->client, head, sizeof head, MSG_PEEK | MSG_WAITALL);
  if (got <= 0) return ENDED;
  if (got < (ssize_t)sizeof head) return BAD;
  if (head[4] != FRAME_OUTCOME && head[4] != FRAME_ERROR) return read_other(session);
  struct outcome outcome = client_outcome(session->client);
  enum answer answer = outcome.type == 0 ? BAD : GOOD;
  if (outcome.type == FRAME_ERROR) {
    bool last = outcome.code == ERROR_MALFORMED || outcome.code == ERROR_TOO_LARGE || outcome.code == ERROR_VERSION;
    answer = outcome.code < ERROR_MALFORMED || outcome.code > ERROR_PLATFORM || !outcome.message[0] ? BAD : last ? LAST : GOOD;
  } else if (outcome.type == FRAME_OUTCOME && outcome.status >= STATUS_PLATFORM) {
    answer = BAD;
  }
  if (answer == BAD)
    printf("  an answer of type %u, code %u, status %u: %s\n", outcome.type, outcome.code, outcome.status, outcome.message);
  outcome_free(&outcome);
  return answer;
}

static bool answers_are_good(struct session *session) {
  while (session->unanswered > 0) {
    enum answer answer = read_answer(session);
    if (answer == NONE) continue;
    session->unanswered--;
    if (answer == GOOD) continue;
    if (answer != LAST) return false;
    while ((answer = read_answer(session)) == NONE) continue;
    return answer == ENDED;
  }
  return true;
}

/* Ends as clients end: properly, in the middle of a frame, or after rubbish. */
static void leave(struct session *session) {
  uint8_t bytes[64];
  for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)draw(session, 256);
  size_t size = (size_t)draw(session, sizeof bytes);
  if (draw(session, 2)) send(session->client, bytes, size, MSG_NOSIGNAL);
  if (draw(session, 4) == 0) send_some(session);
  close_fd(&session->client);
}

static bool talk(uint64_t seed) {
  struct session session = {.state = seed * 0x9e3779b97f4a7c15u + 1};
  for (unsigned i = 0; i < 8; i++) draw(&session, 2);
  session.client = slot_connect((unsigned)draw(&session, SLOTS), NULL);
  bool good = session.client >= 0;
  while (good && draw(&session, 4)) {
    /* After an error that ends the connection sending may fail; the answers tell. */
    for (uint64_t frames = 1 + draw(&session, FRAMES_MAX); frames > 0; frames--) send_some(&session);
    uint32_t sent = session.unanswered;
    good = answers_are_good(&session);
    if (session.unanswered > 0 || sent == 0) break;
    char byte;
    if (recv(session.client, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) break;
  }
  leave(&session);
  return good;
}

static bool serves(unsigned slot) {
  AUTO_CLOSE int client = slot_connect(slot, NULL);
  struct spec spec = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(client, &spec);
  bool good = outcome.type == FRAME_OUTCOME && outcome.status == STATUS_EXITED && outcome.exit_code == 9;
  outcome_free(&outcome);
  return good;
}

static bool talk_all(uint64_t sessions, uint64_t seed) {
  pid_t before[SLOTS], after[SLOTS];
  if (children_of(world.daemon, before, SLOTS) != SLOTS) return false;
  for (uint64_t i = 0; i < sessions; i++) {
    if (talk(seed + i)) continue;
    printf("  in the session of seed %llu\n", (unsigned long long)(seed + i));
    return false;
  }
  for (unsigned slot = 0; slot < SLOTS; slot++)
    if (!serves(slot)) return printf("  slot %u does not serve any more\n", slot) < 0;
  bool same = children_of(world.daemon, after, SLOTS) == SLOTS && !memcmp(before, after, sizeof before);
  if (!same) printf("  a supervisor ended\n");
  return same;
}

int main(int argc, char **argv) {
  uint64_t sessions = argc > 3 ? strtoull(argv[3], NULL, 10) : 0, seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
  if (sessions == 0) fail(2, "usage: sessions SANDBOXD INSIDE SESSIONS [SEED]");
  world.sandboxd = argv[1];
  signal(SIGPIPE, SIG_IGN);
  if (geteuid() != 0) {
    printf("skipped: sandboxd has cgroups only as root\n");
    return 0;
  }
  world_make(argv[2], "inside");
  if (!world_start(SLOTS)) fail(1, "sandboxd does not start");
  bool good = talk_all(sessions, seed);
  if (world_stop() != 0) good = printf("  sandboxd did not end with 0\n") < 0;
  world_remove();
  printf("%s %llu sessions from seed %llu\n", good ? "ok  " : "FAIL", (unsigned long long)sessions, (unsigned long long)seed);
  return !good;
}
