/* The command line, and what is printed on it. */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_options(const char *const *arguments, int code, const char *says) {
  char output[4096], *argv[16] = {(char *)world.sandboxd};
  for (unsigned i = 0; i < COUNT_OF(argv) - 2 && arguments[i]; i++) argv[i + 1] = (char *)arguments[i];
  int ended = run_host(argv, output, sizeof output);
  CHECK(ended == code && strstr(output, says), "%s: %d %s", arguments[0] ? arguments[0] : "", ended, output);
}

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_bad_options(void) {
  const char *state = world.state, *images = world.images;
  check_options((const char *const[]){NULL}, 2, "--state is missing");
  check_options(OPTIONS("--nonsense"), 2, "usage");
  check_options(OPTIONS("--probe", "more"), 2, "'more' is not an option");
  check_options(OPTIONS("--state", state), 2, "--run is missing");
  check_options(OPTIONS("--state", state, "--run", "/x", "--images", images), 2, "--slots is missing");
  check_options(OPTIONS("--slots", "0"), 2, "from 1 to 64");
  check_options(OPTIONS("--slots", "65"), 2, "from 1 to 64");
  check_options(OPTIONS("--slots", "two"), 2, "from 1 to 64");
  check_options(OPTIONS("--client-uid", "-1"), 2, "--client-uid");
  check_options(OPTIONS("--state", state, "--run", "/x", "--images", "/no/such", "--slots", "1", "--client-uid", "0"), 2,
                "not a directory");
  char open_images[128];
  snprintf(open_images, sizeof open_images, "%s/open-images", world.directory);
  CHECK(!mkdir(open_images, 0777) && !chmod(open_images, 0777));
  check_options(OPTIONS("--state", state, "--run", "/x", "--images", open_images, "--slots", "1", "--client-uid", "0"), 2,
                "writable by nobody else");
  CHECK(!rmdir(open_images));
}

/* In a directory of others, a socket could be exchanged for a link before it is given to its user. */
static void test_foreign_run(void) {
  const char *state = world.state;
  char run[128];
  snprintf(run, sizeof run, "%s/open-run", world.directory);
  CHECK(!mkdir(run, 0777) && !chmod(run, 0777));
  check_options(OPTIONS("--state", state, "--run", run, "--images", world.images, "--slots", "1", "--client-uid", "0"), 2,
                "writable by nobody else");
  CHECK(!chmod(run, 0755) && !chown(run, 65534, 65534));
  check_options(OPTIONS("--state", state, "--run", run, "--images", world.images, "--slots", "1", "--client-uid", "0"), 2,
                "must belong to root");
  CHECK(!rmdir(run));
}

static void test_help(void) {
  check_options(OPTIONS("--help"), 0, "--client-uid UID");
}

static void test_probe(void) {
  check_options(OPTIONS("--probe"), 0, "\"name\":\"seccomp.notification\",\"ok\":true");
  check_options(OPTIONS("--probe"), 0, "\"cgroupVersion\":");
}

/* An ordinary user gets a true answer too: no root, and a mend for it. */
static void test_probe_as_user(void) {
  char program[128], output[8192];
  snprintf(program, sizeof program, "%s/sandboxd-copy", world.directory);
  char *copy[] = {"/bin/cp", (char *)world.sandboxd, program, NULL};
  CHECK(run_host(copy, output, sizeof output) == 0 && !chmod(program, 0755));
  char *argv[] = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "--probe", NULL};
  if (access(argv[0], X_OK)) {
    skip("setpriv (util-linux) is not installed");
    return;
  }
  int code = run_host(argv, output, sizeof output);
  unlink(program);
  CHECK(code == 0 && strstr(output, "\"root\":false"), "%d %s", code, output);
  CHECK(strstr(output, "{\"name\":\"root\",\"ok\":false,\"reason\":\"sandboxd was not started as root\",\"mend\":\""));
  CHECK(strstr(output, "{\"name\":\"namespace.user\",\"ok\":") && strstr(output, "{\"name\":\"cgroup.memory\",\"ok\":false"));
}

static void test_second_on_same_state(void) {
  const char *arguments[] = {"--clean", "--state", world.state, NULL};
  check_options(arguments, 3, "another sandboxd uses the state directory");
}

static void test_foreign_state(void) {
  char state[128];
  snprintf(state, sizeof state, "%s/open-state", world.directory);
  CHECK(!mkdir(state, 0777) && !chmod(state, 0777));
  check_options(OPTIONS("--clean", "--state", state), 3, "must belong to whoever");
  CHECK(!rmdir(state));
}

/* A note that names a directory which is no cgroup must not make it be removed. */
static void test_forged_note(void) {
  char state[128], victim[160], note[192];
  snprintf(state, sizeof state, "%s/forged", world.directory);
  CHECK(!mkdir(state, 0700));
  snprintf(victim, sizeof victim, "%s/assay-0123456789abcdef", state);
  CHECK(!mkdir(victim, 0700));
  snprintf(note, sizeof note, "%s/id", state);
  FILE *file = fopen(note, "we");
  fputs("0123456789abcdef", file);
  fclose(file);
  snprintf(note, sizeof note, "%s/cgroups", state);
  file = fopen(note, "we");
  fprintf(file, "%s\nrelative\n\n", state);
  fclose(file);
  check_options(OPTIONS("--clean", "--state", state), 3, "could not be removed");
  CHECK(access(victim, F_OK) == 0);
}

static void test_ready_line(void) {
  CHECK(strstr(world.ready, "\"version\":3") && strstr(world.ready, "\"slots\":2") && strchr(world.ready, '\n'), "%s",
        world.ready);
}

const struct test options_tests[] = {{"bad options", test_bad_options},
                                     {"a run directory of others", test_foreign_run},
                                     {"help", test_help},
                                     {"probe", test_probe},
                                     {"probe as an ordinary user", test_probe_as_user},
                                     {"a second sandboxd on the same state", test_second_on_same_state},
                                     {"a state directory of others", test_foreign_state},
                                     {"a forged note", test_forged_note},
                                     {"ready line", test_ready_line},
                                     {0}};
