/* bench-box SOCKET IMAGE N [PATH]: N runs of a program (/usr/bin/true) in fresh boxes of one slot. */
#define _GNU_SOURCE
#include "client.h"
#include "times.h"

#include <string.h>

int main(int argc, char **argv) {
  unsigned count = argc >= 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  uint64_t *times = calloc(count + 1, sizeof *times), *setup = calloc(count + 1, sizeof *setup);
  if (!count || !times || !setup) {
    fputs("usage: bench-box SOCKET IMAGE N [PATH]\n", stderr);
    return 2;
  }
  int client = client_connect(argv[1], 30);
  if (client < 0 || !client_hello(client)) {
    fprintf(stderr, "no sandboxd answers at %s\n", argv[1]);
    return 1;
  }
  const char *program[] = {argc > 4 ? argv[4] : "/usr/bin/true", NULL};
  struct spec spec = spec_of(argv[2], program);
  uint64_t begin = clock_ns();
  for (unsigned i = 0; i < count; i++) {
    uint64_t start = clock_ns();
    struct outcome outcome = client_run(client, &spec);
    times[i] = clock_ns() - start;
    setup[i] = outcome.setup;
    if (outcome.type != FRAME_OUTCOME || outcome.status != 0) {
      fprintf(stderr, "run %u: type %u status %u %s\n", i, outcome.type, outcome.status, outcome.message);
      return 1;
    }
    outcome_free(&outcome);
  }
  uint64_t total = clock_ns() - begin;
  print_times("box", times, count, total);
  print_times("box: request to exec", setup, count, total);
}
