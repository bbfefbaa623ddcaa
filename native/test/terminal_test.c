/* Terminals: what a program sees of its own, and what reaches it through it. */
#include "live.h"

static struct spec terminal_spec(const char *mode, const char *argument) {
  struct spec spec = inside_spec(mode, argument, NULL);
  spec.fds[0] = (struct fd_spec){.kind = FD_TERMINAL, .cap = MIB, .rows = 24, .columns = 80};
  spec.fds[1] = spec.fds[2] = (struct fd_spec){.kind = FD_SAME, .same = 0};
  spec.fd_count = 3;
  return spec;
}

static void test_what_it_is(void) {
  struct spec spec = terminal_spec("terminal", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_end(&live)->status == STATUS_EXITED, "%s", live.outcome.message);
  CHECK(live.heard[0] && !strcmp(live.heard[0], "1 /dev/pts/0\r\n1 /dev/pts/0\r\n1 /dev/pts/0\r\nsize 24 80 0 0\r\nsession 1 group 1\r\n"
                                                "tty ok\r\nptmx ENOENT\r\npts/ptmx EACCES\r\npush EPERM\r\n"), "%s", live.heard[0]);
  CHECK(live.outcome.refused_total == 1, "%s", live.outcome.refused);
}

static void test_talk(void) {
  struct spec spec = terminal_spec("interactive", NULL);
  static const uint8_t size[] = {0, 50, 0, 100, 0, 7, 0, 9, 0};
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 0, "begun\r\n"));
  CHECK(live_says(&live, 0, "hello\n") && live_hears(&live, 0, "hello\r\n"), "its echo");
  CHECK(live_hears(&live, 0, "line <hello>\r\n"));
  CHECK(client_tell(live.client, FRAME_RESIZE, live.id, size, sizeof size) && live_hears(&live, 0, "size 50 100 7 9\r\n"));
  CHECK(live_says(&live, 0, "\x03") && live_hears(&live, 0, "signal 2\r\n"), "Ctrl-C");
  CHECK(live_says(&live, 0, "\x1c") && live_hears(&live, 0, "signal 3\r\n"), "Ctrl-backslash");
  CHECK(live_says(&live, 0, "") && live_hears(&live, 0, "end\r\n"), "the character of the end");
  CHECK(live_end(&live)->status == STATUS_EXITED && live.outcome.exit_code == 0);
  CHECK(live.outcome.fds[0].total == live.size[0], "what it wrote, with the echo");
  CHECK(live.taken[0] == 9, "with each of the three characters: %llu", (unsigned long long)live.taken[0]);
}

static void test_complete_output(void) {
  struct spec spec = terminal_spec("output", "300000");
  for (unsigned i = 0; i < 5; i++) {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_end(&live)->status == STATUS_EXITED && live.outcome.exit_code == 0);
    CHECK(live.size[0] == 300000 && live.outcome.fds[0].total == 300000, "%zu", live.size[0]);
  }
}

static void test_window(void) {
  struct spec spec = terminal_spec("output", "4000000");
  spec.fds[0].cap = 4 * MIB;
  AUTO_LIVE struct live live = live_start(0, &spec);
  live.withhold = true;
  CHECK(live_has(&live, 0, WINDOW) && live.size[0] == WINDOW, "%zu", live.size[0]);
  CHECK(client_cancel(live.client, live.id) && live_end(&live)->status == STATUS_CANCELLED);
  CHECK(live.size[0] < WINDOW + 128 * 1024, "and what the terminal held: %zu", live.size[0]);
}

static void test_caps(void) {
  struct spec spec = terminal_spec("output", "300000");
  spec.fds[0].cap = 1000;
  {
    AUTO_LIVE struct live live = live_start(0, &spec);
    CHECK(live_end(&live)->status == STATUS_EXITED && live.size[0] == 1000 && live.outcome.fds[0].total == 300000, "%zu", live.size[0]);
  }
  spec.fds[0].stop = true;
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_end(&live)->status == STATUS_OUTPUT_LIMIT && live.size[0] == 1000, "%zu", live.size[0]);
}

/* Also ends count against the window, of which a terminal takes a part, sooner or later. */
static void test_input_window(void) {
  static char bytes[WINDOW];
  memset(bytes, 'x', sizeof bytes);
  struct spec spec = terminal_spec("stop-input", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 0, "stopped"));
  CHECK(client_input(live.client, live.id, 0, bytes, WINDOW) && live_took(&live, 0, 1) && live.taken[0] < WINDOW);
  unsigned ends = 0;
  while (ends < WINDOW && live_says(&live, 0, "")) ends++;
  CHECK(live_fails(&live, ERROR_MALFORMED) && until(no_process_of, &live.uid), "%u", ends);
}

/* A process that stays on the terminal keeps nobody waiting. */
static void test_left_behind(void) {
  struct spec spec = terminal_spec("daemon", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_end(&live)->status == STATUS_EXITED && live.outcome.exit_code == 0);
  CHECK(no_process_of(&live.uid));
}

static void test_client_gone(void) {
  struct spec spec = terminal_spec("interactive", NULL);
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_hears(&live, 0, "begun"));
  close_fd(&live.client);
  CHECK(until(no_process_of, &live.uid));
}

/* Not the program's input and output, and beside other streams. */
static void test_another_descriptor(void) {
  struct spec spec = terminal_spec("output", "5");
  spec.argv[3] = "3";
  spec.fds[3] = spec.fds[0];
  spec.fds[0] = spec.fds[1] = (struct fd_spec){.kind = FD_NULL};
  spec.fds[2] = (struct fd_spec){.kind = FD_SAME, .same = 1};
  spec.fd_count = 4;
  AUTO_LIVE struct live live = live_start(0, &spec);
  CHECK(live_end(&live)->status == STATUS_EXITED && live.size[3] == 5 && !memcmp(live.heard[3], "xxxxx", 5));
}

const struct test terminal_tests[] = {{"terminal as its program sees it", test_what_it_is},
                                      {"terminal with lines, signals, sizes and an end", test_talk},
                                      {"terminal output is complete", test_complete_output},
                                      {"terminal output waits for its window", test_window},
                                      {"terminal input beyond its window", test_input_window},
                                      {"terminal output and its cap", test_caps},
                                      {"terminal with a process left behind", test_left_behind},
                                      {"terminal whose client goes", test_client_gone},
                                      {"terminal as another descriptor", test_another_descriptor},
                                      {0}};
