/* Limits of programs that do nothing, do too much at once, or want what their run does not give. */
#include "test.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static void test_idle(void) {
  struct spec spec = inside_spec("pause", NULL);
  spec.limits.idle = 200 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_IDLE_LIMIT && outcome.wall >= 200 * MS, "%u", outcome.status);
  CHECK(outcome.exit_code == -1 && outcome.signal == 9 && !strcmp(outcome.out, "before the pause\n"));
  outcome_free(&outcome);
}

/* The limit is long, because a crowded machine may give a busy program nothing for a while. */
static void test_idle_and_busy(void) {
  struct spec spec = inside_spec("spin", "1", NULL);
  spec.limits.idle = 1500 * MS;
  spec.limits.cpu = 2000 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_CPU_LIMIT && outcome.wall > spec.limits.idle, "%u", outcome.status);
  outcome_free(&outcome);
}

/* As if a disk were slow. */
static void test_held_up(void) {
  struct spec spec = inside_spec("wait-in-the-kernel", "800", NULL);
  spec.limits.idle = 200 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 0 && outcome.wall > spec.limits.idle, "%u", outcome.status);
  outcome_free(&outcome);
}

static void test_processes(void) {
  static const char *const modes[] = {"fork-bomb", "endless-fork-bomb"};
  for (unsigned i = 0; i < COUNT_OF(modes); i++) {
    struct spec spec = inside_spec(modes[i], NULL);
    spec.limits.processes = 10;
    spec.limits.stop_at_processes = 1;
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.status == STATUS_PROCESS_LIMIT && outcome.hits >= 1, "%s: %u", modes[i], outcome.status);
    outcome_free(&outcome);
  }
}

static void test_processes_within(void) {
  struct spec spec = inside_spec("processes", "5", NULL);
  spec.limits.processes = 5;
  spec.limits.stop_at_processes = 1;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_EXITED && outcome.exit_code == 0 && outcome.hits == 0, "%u, %u hits", outcome.status, outcome.hits);
  outcome_free(&outcome);
}

static void test_killed_for_memory(void) {
  struct spec spec = inside_spec("allocate", "200", NULL);
  spec.limits.memory = 32 * MIB;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_MEMORY_LIMIT && outcome.memory_cause == 1, "%u %u", outcome.status, outcome.memory_cause);
  outcome_free(&outcome);
}

/* Pages of a file fill the memory, and go again: nothing is killed, and why the program failed is not known. */
static void test_failed_at_the_peak(void) {
  char path[256];
  const uint64_t limit = 32 * MIB;
  snprintf(path, sizeof path, "%s/%s/root/large", world.images, world.image);
  AUTO_CLOSE int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  CHECK(file >= 0 && !ftruncate(file, 128 * MIB));
  struct spec spec = inside_spec("read-and-fail", "/large", NULL);
  spec.limits.memory = limit;
  struct outcome outcome = run_spec(&spec);
  unlink(path);
  CHECK(outcome.exit_code == 7 && outcome.ooms == 0, "%u %d", outcome.status, outcome.exit_code);
  if (outcome.memory < limit / 2) {
    skip("holes of this file system fill no page cache");
  } else if (outcome.isolation & ISOLATION_CGROUP_V2) {
    CHECK(outcome.status == STATUS_EXITED && outcome.memory_cause == 0, "page cache is no lack of memory: %u", outcome.status);
  } else {
    CHECK(outcome.status == STATUS_MEMORY_LIMIT && outcome.memory_cause == 2, "%u %u, peak %llu", outcome.status, outcome.memory_cause,
          (unsigned long long)outcome.memory);
  }
  outcome_free(&outcome);
}

static void check_cpus(const void *cpus, size_t size, unsigned status, const char *said) {
  struct spec spec = inside_spec("affinity", NULL);
  spec.cpus = cpus;
  spec.cpus_size = size;
  struct outcome outcome = run_spec(&spec);
  const char *says = status == STATUS_EXITED ? outcome.out : outcome.message;
  CHECK(outcome.type == FRAME_OUTCOME && outcome.status == status && strstr(says, said), "%u <%s>", outcome.status, says);
  if (status == STATUS_EXITED) CHECK(!strcmp(says, said), "<%s>", says);
  outcome_free(&outcome);
}

static void test_cpus(void) {
  cpu_set_t allowed, one;
  char all[4096] = "", last[16];
  CHECK(!sched_getaffinity(0, sizeof allowed, &allowed));
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    snprintf(last, sizeof last, "%d ", cpu);
    strcat(all, last);
  }
  check_cpus(NULL, 0, STATUS_EXITED, all);
  check_cpus(&allowed, sizeof allowed, STATUS_EXITED, all);
  CPU_ZERO(&one);
  CPU_SET(atoi(last), &one);
  check_cpus(&one, 128, STATUS_EXITED, last);
  check_cpus(&one, (size_t)atoi(last) / 8 + 1, STATUS_EXITED, last);
}

/* Programs that share a processor take it from each other: that is told of those that are stopped as well. */
static void test_switches_of_stopped(void) {
  cpu_set_t allowed, one;
  CHECK(!sched_getaffinity(0, sizeof allowed, &allowed));
  int cpu = 0;
  while (!CPU_ISSET(cpu, &allowed)) cpu++;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  struct spec spec = inside_spec("spin-children", "4", NULL);
  spec.cpus = &one;
  spec.cpus_size = sizeof one;
  spec.limits.cpu = 400 * MS;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == STATUS_CPU_LIMIT, "%u", outcome.status);
  CHECK(outcome.involuntary >= 10, "%llu switches", (unsigned long long)outcome.involuntary);
  outcome_free(&outcome);
}

static void test_no_cpus(void) {
  static const uint8_t none[128], last[128] = {[127] = 0x80};
  if (sysconf(_SC_NPROCESSORS_CONF) >= 1024) {
    skip("this machine has all processors that can be named");
    return;
  }
  check_cpus(none, 1, STATUS_START_FAILED, "processors");
  check_cpus(none, sizeof none, STATUS_START_FAILED, "processors");
  check_cpus(last, sizeof last, STATUS_START_FAILED, "processors");
}

static int allocate_within(uint64_t address_space, uint64_t data) {
  struct spec spec = inside_spec("allocate", "100", NULL);
  spec.limits.address_space = address_space;
  spec.limits.data = data;
  struct outcome outcome = run_spec(&spec);
  int code = outcome.status == STATUS_EXITED ? outcome.exit_code : -1;
  outcome_free(&outcome);
  return code;
}

static void test_address_space(void) {
  CHECK(allocate_within(50 * MIB, 0) == 1 && allocate_within(0, 50 * MIB) == 1, "mmap fails");
  CHECK(allocate_within(150 * MIB, 150 * MIB) == 0 && allocate_within(0, 0) == 0);
}

const struct test limits_tests[] = {{"idle limit stops what sleeps", test_idle},
                                    {"idle limit and a busy program", test_idle_and_busy},
                                    {"idle limit and a program that is held up", test_held_up},
                                    {"process limit stops", test_processes},
                                    {"process limit reached, not passed", test_processes_within},
                                    {"memory limit by the OOM killer", test_killed_for_memory},
                                    {"memory limit by a peak and a failure", test_failed_at_the_peak},
                                    {"processors of a run", test_cpus},
                                    {"switches of programs that are stopped", test_switches_of_stopped},
                                    {"processors that are not there", test_no_cpus},
                                    {"address space and data", test_address_space},
                                    {0}};
