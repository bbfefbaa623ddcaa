/* How programs end, and what is measured. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>


static void test_exit_codes(void) {
  static const char *codes[] = {"0", "1", "42", "255"};
  for (unsigned i = 0; i < COUNT_OF(codes); i++) {
    struct spec spec = inside_spec("exit", codes[i], NULL);
    spec.id = 7 + i;
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.type == FRAME_OUTCOME && outcome.id == 7 + i, "%s", outcome.message);
    CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == atoi(codes[i]) && outcome.signal == 0);
    CHECK(outcome.processes == 1 && outcome.ooms == 0 && outcome.hits == 0, "processes %u", outcome.processes);
    CHECK(outcome.wall > 0 && outcome.setup > 0 && outcome.isolation != 0);
    CHECK(outcome.memory < 4 * MIB, "memory %llu", (unsigned long long)outcome.memory);
    outcome_free(&outcome);
  }
}

static void test_signals(void) {
  static const int signals[] = {SIGSEGV, SIGABRT, SIGKILL, SIGTERM, SIGHUP};
  for (unsigned i = 0; i < COUNT_OF(signals); i++) {
    char number[8];
    snprintf(number, sizeof number, "%d", signals[i]);
    struct spec spec = inside_spec("signal", number, NULL);
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.status == STATUS_SIGNALLED && outcome.signal == signals[i] && outcome.exit_code == -1, "%u %d",
          outcome.status, outcome.signal);
    outcome_free(&outcome);
  }
}

static void check_cpu_limit(const char *mode, const char *amount) {
  struct spec spec = inside_spec(mode, amount, NULL);
  spec.limits.cpu = 200 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_CPU_LIMIT, "%s %s: %u", mode, amount, outcome.status);
  CHECK(outcome.user + outcome.system >= 200 * MS);
  CHECK(outcome.user > outcome.system && outcome.exit_code == -1);
  outcome_free(&outcome);
}

static void test_cpu_limit(void) {
  check_cpu_limit("spin", "1");
}

static void test_cpu_limit_threads(void) {
  check_cpu_limit("spin", "4");
}

static void test_cpu_limit_children(void) {
  check_cpu_limit("spin-children", "3");
}

static void test_wall_limit(void) {
  struct spec spec = inside_spec("pause", NULL);
  spec.limits.wall = 100 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_WALL_LIMIT && outcome.wall >= 100 * MS && outcome.signal == SIGKILL);
  CHECK(!strcmp(outcome.out, "before the pause\n"), "partial output is kept: %s", outcome.out);
  outcome_free(&outcome);
}

static void test_memory_limit(void) {
  struct spec spec = inside_spec("allocate", "200", NULL);
  spec.limits.memory = 64 * MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_MEMORY_LIMIT && outcome.ooms >= 1, "%u %u", outcome.status, outcome.ooms);
  CHECK(outcome.memory >= 60 * MIB && outcome.memory <= 65 * MIB, "%llu", (unsigned long long)outcome.memory);
  outcome_free(&outcome);
}

static void test_memory_limit_in_child(void) {
  struct spec spec = inside_spec("allocate-in-child", "200", NULL);
  spec.limits.memory = 64 * MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_MEMORY_LIMIT && outcome.ooms >= 1, "the parent would have waited: %u", outcome.status);
  outcome_free(&outcome);
}

static void test_memory_of_files(void) {
  struct spec spec = inside_spec("fill", "/tmp/file", NULL);
  spec.limits.memory = 16 * MIB;
  spec.limits.disk = spec.limits.file = 100 * MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_MEMORY_LIMIT, "%u %s", outcome.status, outcome.out);
  outcome_free(&outcome);
}

static void test_memory_peak(void) {
  struct spec spec = inside_spec("allocate", "40", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED);
  CHECK(outcome.memory >= 39 * MIB && outcome.memory < 44 * MIB, "%llu", (unsigned long long)outcome.memory);
  outcome_free(&outcome);
}

static void test_small_memory(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.limits.memory = 8 * MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 0, "%u %s", outcome.status, outcome.message);
  outcome_free(&outcome);
}

static void test_tiny_memory(void) {
  struct spec spec = inside_spec("allocate", "8", NULL);
  spec.limits.memory = MIB;
  for (unsigned i = 0; i < 5; i++) {
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.status == STATUS_MEMORY_LIMIT || outcome.status == STATUS_START_FAILED, "%u %s", outcome.status, outcome.message);
    outcome_free(&outcome);
  }
  /* The slot must have survived it. */
  struct spec after = inside_spec("exit", "3", NULL);
  struct outcome outcome = run_spec(&after);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 3, "%u %s", outcome.status, outcome.message);
  outcome_free(&outcome);
}

static void test_fork_bomb(void) {
  struct spec spec = inside_spec("fork-bomb", NULL);
  spec.limits.processes = 10;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && !strcmp(outcome.out, "fork EAGAIN\n"), "%u %s", outcome.status, outcome.out);
  CHECK(outcome.processes == 10 && outcome.hits >= 1, "peak %u hits %u", outcome.processes, outcome.hits);
  outcome_free(&outcome);
}

static void test_endless_fork_bomb(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  struct spec spec = inside_spec("endless-fork-bomb", NULL);
  spec.limits.wall = 600 * MS;
  spec.limits.processes = 60;
  struct outcome outcome = client_run(client, &spec);
  CHECK(outcome.status == STATUS_WALL_LIMIT && outcome.hits > 0, "%u", outcome.status);
  CHECK(outcome.processes <= 60);
  CHECK(no_process_of(&uid));
  outcome_free(&outcome);
}

static void test_processes_peak(void) {
  static const char *counts[] = {"5", "1", "12", "2"};
  for (unsigned i = 0; i < COUNT_OF(counts); i++) {
    struct spec spec = inside_spec("processes", counts[i], NULL);
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.status == STATUS_EXITED && outcome.processes == (uint32_t)atoi(counts[i]), "%s: %u", counts[i],
          outcome.processes);
    outcome_free(&outcome);
  }
}

static void test_output_cap(void) {
  for (unsigned stream = 1; stream <= 2; stream++) {
    struct spec spec = inside_spec("output", "1000000", stream == 1 ? "1" : "2", NULL);
    spec.stdout_cap = spec.stderr_cap = 1000;
    struct outcome outcome = run_spec(&spec);
    uint64_t total = stream == 1 ? outcome.out_total : outcome.err_total;
    size_t kept = stream == 1 ? outcome.out_size : outcome.err_size;
    CHECK(outcome.status == STATUS_EXITED && total == 1000000 && kept == 1000, "%u %zu", outcome.status, kept);
    outcome_free(&outcome);
  }
}

static void test_output_stop(void) {
  struct spec spec = inside_spec("output", "1000000000000", NULL);
  spec.stdout_cap = 5000;
  spec.stop_on_output = true;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_OUTPUT_LIMIT && outcome.out_size == 5000 && outcome.out_total > 5000);
  outcome_free(&outcome);
}

static void test_endless_output(void) {
  struct spec spec = inside_spec("output", "1000000000000", NULL);
  spec.limits.wall = 200 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_WALL_LIMIT && outcome.out_size == 65536 && outcome.out_total > 65536);
  outcome_free(&outcome);
}

static void test_no_output_kept(void) {
  struct spec spec = inside_spec("output", "10", NULL);
  spec.stdout_cap = 0;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.out_size == 0 && outcome.out_total == 10);
  outcome_free(&outcome);
}

static void test_file_size(void) {
  struct spec spec = inside_spec("fill", "/w/file", NULL);
  spec.limits.file = MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_FILE_LIMIT && outcome.signal == SIGXFSZ && outcome.file_bytes == MIB, "%u %d",
        outcome.status, outcome.signal);
  outcome_free(&outcome);
}

static void test_disk_full(void) {
  static const char *places[] = {"/w/file", "/tmp/file"};
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    struct spec spec = inside_spec("fill", places[i], NULL);
    spec.limits.disk = 2 * MIB;
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.status == STATUS_EXITED && !strcmp(outcome.out, "write ENOSPC\n"), "%s", outcome.out);
    CHECK(outcome.file_bytes == 2 * MIB, "%llu", (unsigned long long)outcome.file_bytes);
    outcome_free(&outcome);
  }
}

static void test_inodes(void) {
  struct spec spec = inside_spec("many-files", NULL);
  spec.limits.inodes = 100;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && !strcmp(outcome.out, "create ENOSPC\n"), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_refused_syscall(void) {
  struct spec spec = inside_spec("insist", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_REFUSED_SYSCALL && outcome.refused_total > 1000, "%u", outcome.status);
  CHECK(!strncmp(outcome.refused, "mount=", 6), "%s", outcome.refused);
  outcome_free(&outcome);
}

static void check_start_failed(const char *program, const char *why) {
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.argv[0] = program;
  spec.files[0] = (struct input_file){"plain", 0644, "#!/bin/inside\n", 14};
  spec.files[1] = (struct input_file){"garbage", 0755, "garbage", 7};
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_START_FAILED && strstr(outcome.message, why), "%s: %u %s", program, outcome.status, outcome.message);
  CHECK(outcome.exit_code == -1 && outcome.signal == 0);
  outcome_free(&outcome);
}

static void test_start_failed(void) {
  check_start_failed("/no/such", "No such file");
  check_start_failed("nothing-of-this-name", "No such file");
  check_start_failed("/w/plain", "Permission denied");
  check_start_failed("/w", "Permission denied");
  check_start_failed("/w/garbage", "Exec format error");
}

static void test_name_in_path(void) {
  struct spec spec = inside_spec("exit", "5", NULL);
  spec.argv[0] = "inside";
  spec.env[0] = "PATH=/nowhere::/bin";
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 5, "%s", outcome.message);
  outcome_free(&outcome);
}

static void test_environment(void) {
  struct spec spec = inside_spec("env", NULL);
  spec.env[0] = "A=1";
  spec.env[1] = "B=two words";
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, "A=1\nB=two words\n"), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_surroundings(void) {
  struct spec spec = inside_spec("where", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, "cwd=/w pid=2 ppid=1 sid=2 umask=22 host=box\n"), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_resource_limits(void) {
  struct spec spec = inside_spec("limits", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, "8388608 8388608 64 64 8388608 8388608 1 1 "), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_descriptors(void) {
  struct spec spec = inside_spec("list", "/proc/self/fd", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, "0 1 2 3 "), "3 is the listing itself: %s", outcome.out);
  outcome_free(&outcome);
}

static void test_input(void) {
  size_t size = 16 * MIB;
  char *input = malloc(size);
  for (size_t i = 0; i < size; i++) input[i] = (char)(i * 31 >> 3);
  struct spec spec = inside_spec("cat", NULL);
  spec.input = input;
  spec.input_size = size;
  spec.stdout_cap = 64 * MIB;
  struct outcome outcome = run_spec(&spec);
  bool same = outcome.out_size == size && !memcmp(outcome.out, input, size);
  free(input);
  CHECK(outcome.status == STATUS_EXITED && same);
  outcome_free(&outcome);
}

static void test_no_input(void) {
  struct spec spec = inside_spec("cat", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 0 && outcome.out_size == 0);
  outcome_free(&outcome);
}

static void test_threads(void) {
  struct spec spec = inside_spec("threads", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 0 && outcome.refused_total == 0);
  outcome_free(&outcome);
}

static void test_cpu_rate(void) {
  struct spec spec = inside_spec("spin", "1", NULL);
  spec.limits.cpu_rate = 100;
  spec.limits.wall = 500 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_WALL_LIMIT, "%u %s", outcome.status, outcome.message);
  CHECK(outcome.user + outcome.system < outcome.wall / 2, "a tenth of a processor was allowed");
  outcome_free(&outcome);
}

const struct test outcome_tests[] = {{"exit codes", test_exit_codes},
                                     {"signals", test_signals},
                                     {"CPU limit", test_cpu_limit},
                                     {"CPU limit of threads", test_cpu_limit_threads},
                                     {"CPU limit of children", test_cpu_limit_children},
                                     {"wall limit keeps what was printed", test_wall_limit},
                                     {"memory limit", test_memory_limit},
                                     {"memory limit in a child stops all", test_memory_limit_in_child},
                                     {"memory limit counts files", test_memory_of_files},
                                     {"memory peak", test_memory_peak},
                                     {"memory of 8 MiB is enough to run", test_small_memory},
                                     {"memory of 1 MiB leaves the slot alive", test_tiny_memory},
                                     {"fork bomb meets its limit", test_fork_bomb},
                                     {"endless fork bomb leaves nothing", test_endless_fork_bomb},
                                     {"peak of processes, run after run", test_processes_peak},
                                     {"output beyond the cap is counted", test_output_cap},
                                     {"output limit can stop", test_output_stop},
                                     {"endless output", test_endless_output},
                                     {"output cap of nothing", test_no_output_kept},
                                     {"file size limit", test_file_size},
                                     {"disk limit", test_disk_full},
                                     {"inode limit", test_inodes},
                                     {"insisting on refused calls", test_refused_syscall},
                                     {"program that can't start", test_start_failed},
                                     {"bare name is searched in PATH", test_name_in_path},
                                     {"environment is the given one", test_environment},
                                     {"surroundings", test_surroundings},
                                     {"resource limits", test_resource_limits},
                                     {"no descriptor is inherited", test_descriptors},
                                     {"16 MiB of stdin", test_input},
                                     {"empty stdin", test_no_input},
                                     {"threads", test_threads},
                                     {"CPU rate", test_cpu_rate},
                                     {0}};
