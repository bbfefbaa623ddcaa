/*
 * A pipe between two runs has its ends in two supervisors. main makes it when the first of them asks, hands each its end,
 * and keeps nothing once both are gone: so that each end closes with its run, and a program that opens its own end again
 * by its name in /proc never waits for a partner, as it would with a FIFO.
 */
#include "sandboxd.h"

enum question { ASK_READ, ASK_WRITE, FORGET };

/* Of pipes that only one side has taken; those of SLOTS_MAX runs fit, and the oldest gives way. */
static struct waiting {
  uint8_t id[ID_SIZE];
  int ends[2]; /* -1 = taken */
  bool used;
} waiting[SLOTS_MAX * FDS_MAX];
static unsigned oldest;

static void drop(struct waiting *pipe) {
  close_fd(&pipe->ends[0]);
  close_fd(&pipe->ends[1]);
  pipe->used = false;
}

static struct waiting *find(const uint8_t id[ID_SIZE]) {
  for (unsigned i = 0; i < COUNT_OF(waiting); i++)
    if (waiting[i].used && !memcmp(waiting[i].id, id, ID_SIZE)) return &waiting[i];
  return NULL;
}

static struct waiting *make(const uint8_t id[ID_SIZE]) {
  struct waiting *pipe = &waiting[oldest++ % COUNT_OF(waiting)];
  if (pipe->used) drop(pipe);
  if (pipe2(pipe->ends, O_CLOEXEC)) return NULL;
  memcpy(pipe->id, id, ID_SIZE);
  pipe->used = true;
  return pipe;
}

void pipes_answer(int broker) {
  uint8_t question[1 + ID_SIZE];
  if (recv(broker, question, sizeof question, MSG_DONTWAIT) != sizeof question) return;
  struct waiting *pipe = find(question + 1);
  /* An end that is asked for again is one of another pair of runs: its partner of before will not come. */
  if (pipe && (question[0] == FORGET || pipe->ends[question[0] == ASK_WRITE] < 0)) {
    drop(pipe);
    pipe = NULL;
  }
  if (question[0] == FORGET) return;
  if (!pipe) pipe = make(question + 1);
  int *end = pipe ? &pipe->ends[question[0] == ASK_WRITE] : NULL;
  if (!send_descriptors(broker, end, end ? 1 : 0)) warn("an end of a pipe could not be handed over: %s", strerror(errno));
  if (end) close_fd(end);
  if (pipe && pipe->ends[0] < 0 && pipe->ends[1] < 0) pipe->used = false;
}

static bool ask(int broker, enum question question, const uint8_t id[ID_SIZE]) {
  uint8_t text[1 + ID_SIZE] = {(uint8_t)question};
  memcpy(text + 1, id, ID_SIZE);
  return send(broker, text, sizeof text, MSG_NOSIGNAL) == sizeof text;
}

int pipe_end(int broker, const uint8_t id[ID_SIZE], bool writes) {
  int end = -1;
  if (!ask(broker, writes ? ASK_WRITE : ASK_READ, id)) return -1;
  if (receive_descriptors(broker, &end, 1, NULL, 0) < 1) errno = EMFILE;
  return end;
}

void pipe_forget(int broker, const uint8_t id[ID_SIZE]) {
  ask(broker, FORGET, id);
}
