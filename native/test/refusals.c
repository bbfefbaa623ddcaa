#include "refusals.h"

#include <stdlib.h>

bool still_serves(int client) {
  struct spec spec = inside_spec("exit", "9", NULL);
  struct outcome outcome = client_run(client, &spec);
  bool good = outcome.type == FRAME_OUTCOME && outcome.status == 0 && outcome.exit_code == 9;
  outcome_free(&outcome);
  return good;
}

bool is_closed(int client) {
  char byte;
  return recv(client, &byte, 1, 0) == 0;
}

void put_length(struct writer *frame, uint32_t length) {
  put_uint(frame, 4, length);
}

unsigned answer_to(const struct writer *bytes, bool *closed) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  if (send(client, bytes->data, bytes->size, MSG_NOSIGNAL) != (ssize_t)bytes->size) return 0;
  struct outcome outcome = client_outcome(client);
  unsigned code = outcome.type == FRAME_ERROR ? outcome.code : 0;
  outcome_free(&outcome);
  *closed = code == MALFORMED || code == TOO_LARGE || code == VERSION ? is_closed(client) : !still_serves(client);
  return code;
}

void check_refused(const struct spec *spec, unsigned code, const char *what) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct outcome outcome = client_run(client, spec);
  CHECK(outcome.type == FRAME_ERROR && outcome.code == code && outcome.id == spec->id, "%s: type %u code %u %s", what,
        outcome.type, outcome.code, outcome.message);
  CHECK(strlen(outcome.message) > 10);
  CHECK(still_serves(client), "%s", what);
  outcome_free(&outcome);
}
