#define _GNU_SOURCE
#include "test.h"

#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

static unsigned passed, failed, skipped;
static bool this_failed, this_skipped;

void check_failed(const char *file, int line, const char *condition, const char *format, ...) {
  va_list values;
  va_start(values, format);
  printf("  %s:%d: %s:", file, line, condition);
  vprintf(format, values);
  putchar('\n');
  va_end(values);
  this_failed = true;
}

void skip(const char *reason) {
  printf("  skipped: %s\n", reason);
  this_skipped = true;
}

/* A name that has any of the filters in it, and none of those that begin with a minus. */
static bool chosen(const char *name, char *const *filters) {
  bool any = false, wanted = false;
  for (; *filters; filters++) {
    bool without = **filters == '-', has = strstr(name, *filters + without) != NULL;
    if (without && has) return false;
    any |= !without;
    wanted |= !without && has;
  }
  return wanted || !any;
}

static void run_all(const struct test *tests, char *const *filters) {
  for (; tests->name; tests++) {
    if (!chosen(tests->name, filters)) continue;
    this_failed = this_skipped = false;
    uint64_t start = now_ns();
    tests->run();
    const char *verdict = this_failed ? "FAIL" : this_skipped ? "skip" : "ok";
    printf("%-4s %s (%llu ms)\n", verdict, tests->name, (unsigned long long)((now_ns() - start) / MS));
    fflush(stdout);
    failed += this_failed;
    skipped += !this_failed && this_skipped;
    passed += !this_failed && !this_skipped;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) fail(2, "usage: test SANDBOXD INSIDE [FILTER | -FILTER]...");
  world.sandboxd = argv[1];
  world.inside = argv[2];
  signal(SIGPIPE, SIG_IGN);
  if (geteuid() != 0) {
    printf("skipped: sandboxd makes boxes only as root\n0 passed, 0 failed, 1 skipped\n");
    return 0;
  }
  world_make(world.inside, "inside");
  const struct test *rooms[] = {wire_tests, request_tests, client_tests, outcome_tests, limits_tests, streams_tests, terminal_tests,
                                 held_tests, escape_tests, shared_tests, files_tests, life_tests, options_tests};
  for (unsigned i = 0; i < COUNT_OF(rooms); i++) {
    if (!world_start(2)) fail(1, "sandboxd does not start");
    run_all(rooms[i], argv + 3);
    if (world_stop() != 0) check_failed(__FILE__, __LINE__, "stop", "sandboxd did not end with 0"), failed++;
  }
  world_remove();
  if (skipped) printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
  else printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
