/* Attempts to leave a box, to look out of it, or to reach its neighbour. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void test_refused_calls(void) {
  struct spec spec = inside_spec("refused-calls", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0 && outcome.out_size > 500, "%u", outcome.status);
  unsigned calls = 0;
  for (char *line = strtok(outcome.out, "\n"); line; line = strtok(NULL, "\n"), calls++) {
    char *answer = strchr(line, ' ');
    CHECK(answer && !strcmp(answer, " EPERM"), "%s", line);
    *answer = 0;
    char counted[64];
    snprintf(counted, sizeof counted, "%s=1 ", line);
    CHECK(strstr(outcome.refused, counted) || strlen(outcome.refused) > 480, "%s is not in %s", counted, outcome.refused);
  }
  CHECK(outcome.refused_total == calls, "%u of %u", outcome.refused_total, calls);
  outcome_free(&outcome);
}

void check_lines(const char *mode, const char *expected, const char *refused) {
  struct spec spec = inside_spec(mode, NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0, "%u %d", outcome.status, outcome.signal);
  CHECK(!strcmp(outcome.out, expected), "%s", outcome.out);
  CHECK(!strcmp(outcome.refused, refused), "%s", outcome.refused);
  outcome_free(&outcome);
}

static void test_checked_calls(void) {
  check_lines("checked-calls",
              "user EPERM\nmount EPERM\npid EPERM\nnet EPERM\nipc EPERM\nuts EPERM\ncgroup EPERM\n"
              "tiocsti EPERM\npersonality EPERM\nprctl-seccomp EPERM\n",
              "clone=7 ioctl=1 personality=1 prctl=1 ");
}

static void test_unknown_calls(void) {
  check_lines("unknown-calls", "clone3 ENOSYS\n600 ENOSYS\n511 ENOSYS\n100000 ENOSYS\n", "");
}

static void test_become_root(void) {
  check_lines("become-root",
              "setuid EPERM\nsetgid EPERM\nsetgroups EPERM\nkill-1 EPERM\nnice EACCES\nnofile EPERM\n", "");
}

static void test_foreign_calls(void) {
#ifdef __x86_64__
  static const char *modes[] = {"int80", "x32"};
  for (unsigned i = 0; i < COUNT_OF(modes); i++) {
    struct spec spec = inside_spec(modes[i], NULL);
    struct outcome outcome = run_spec(&spec);
    /* A kernel without 32-bit support ends it with SIGSEGV before the filter sees it. */
    CHECK(outcome.status == 1 && (outcome.signal == SIGSYS || outcome.signal == SIGSEGV), "%s: %u %d %s", modes[i],
          outcome.status, outcome.signal, outcome.out);
    outcome_free(&outcome);
  }
#else
  skip("this architecture has one system call table");
#endif
}

static void test_capabilities(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  struct spec spec = inside_spec("cat", "/proc/self/status", NULL);
  struct outcome outcome = client_run(client, &spec);
  static const char *lines[] = {"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000",
                                "CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1",
                                "Seccomp:\t2",               "Groups:\t \n",              "SigIgn:\t0000000000000000",
                                "SigBlk:\t0000000000000000"};
  for (unsigned i = 0; i < COUNT_OF(lines); i++) CHECK(strstr(outcome.out, lines[i]), "%s in %s", lines[i], outcome.out);
  unsigned ids[8] = {0};
  const char *uids = strstr(outcome.out, "Uid:");
  sscanf(uids ? uids : "", "Uid: %u %u %u %u Gid: %u %u %u %u", ids, ids + 1, ids + 2, ids + 3, ids + 4, ids + 5, ids + 6, ids + 7);
  for (unsigned i = 0; i < COUNT_OF(ids); i++) CHECK(ids[i] == ids[0] && ids[i] / 64 == uid / 64, "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_writing_everywhere(void) {
  check_lines("write-everywhere",
              "/new EROFS\n/bin/new EROFS\n/bin/inside EACCES\n/dev/new EROFS\n/proc/new ENOENT\n"
              "/proc/self/oom_score_adj EROFS\nunlink EROFS\nchmod EROFS\ndevice EPERM\nfifo ok\n/w ok\n/tmp ok\n"
              "/dev/null ok\n/dev/shm ok\n",
              "");
}

static void test_places(void) {
  check_lines("open-places",
              "/sys ENOENT\n/proc/sys ENOENT\n/proc/kcore ENOENT\n/proc/keys ENOENT\n/proc/sysrq-trigger ENOENT\n"
              "/proc/1/mem ENOENT\n/proc/1 ENOENT\n/proc/kallsyms ENOENT\n/dev/tty ENXIO\n/dev/ptmx ENOENT\n"
              "/dev/mem ENOENT\n/proc/timer_list ENOENT\n/proc/1/root ENOENT\n/proc/interrupts ENOENT\n"
              "/proc/meminfo ENOENT\n",
              "");
}

static void check_list(const char *directory, const char *expected) {
  struct spec spec = inside_spec("list", directory, NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, expected), "%s: %s", directory, outcome.out);
  outcome_free(&outcome);
}

static void test_lists(void) {
  check_list("/", "bin dev proc tmp w ");
  check_list("/proc", "2 self thread-self ");
  check_list("/dev", "fd full null pts random shm stderr stdin stdout tty urandom zero ");
  check_list("/w", "");
  check_list("/tmp", "");
}

static void test_mounts_seen(void) {
  struct spec spec = inside_spec("cat", "/proc/self/mountinfo", NULL);
  struct outcome outcome = run_spec(&spec);
  unsigned lines = 0;
  for (char *at = outcome.out; (at = strchr(at, '\n')); at++) lines++;
  CHECK(lines == 5, "root, /w, /tmp, /dev and /proc: %s", outcome.out);
  CHECK(!strstr(outcome.out, " /box") && !strstr(outcome.out, "/images "), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_cgroup_seen(void) {
  struct spec spec = inside_spec("cat", "/proc/self/cgroup", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.out_size > 0 && !strstr(outcome.out, "assay-") && !strstr(outcome.out, "slot-"), "%s", outcome.out);
  outcome_free(&outcome);
}

static void test_sockets(void) {
  static const char *families[] = {"2", "10", "16", "17", "38", "40", "31", "44"};
  for (unsigned i = 0; i < COUNT_OF(families); i++) {
    struct spec spec = inside_spec("socket", families[i], "3", NULL);
    struct outcome outcome = run_spec(&spec);
    CHECK(!strcmp(outcome.out, "socket EPERM\n") && !strcmp(outcome.refused, "socket=1 "), "%s: %s", families[i], outcome.out);
    outcome_free(&outcome);
  }
  struct spec spec = inside_spec("socket", "1", "1", NULL);
  struct outcome outcome = run_spec(&spec);
  CHECK(!strcmp(outcome.out, "socket ok\n"), "unix sockets work");
  outcome_free(&outcome);
}

static void test_daemon_dies(void) {
  uid_t uid;
  AUTO_CLOSE int client = slot_connect(0, &uid);
  struct spec spec = inside_spec("daemon", NULL);
  struct outcome outcome = client_run(client, &spec);
  CHECK(outcome.status == 0 && outcome.exit_code == 0 && outcome.processes == 3, "%u", outcome.processes);
  CHECK(no_process_of(&uid));
  outcome_free(&outcome);
}

/* Both at once: one box shows that each thing works within it, and stays; the other looks for it. */
static void test_two_boxes(void) {
  uid_t uid;
  AUTO_CLOSE int holder = slot_connect(0, &uid), seeker = slot_connect(1, NULL);
  struct spec holding = inside_spec("share", NULL), seeking = inside_spec("find-shared", NULL);
  CHECK(client_start(holder, &holding));
  CHECK(until(process_is_ready, &uid));
  struct outcome found = client_run(seeker, &seeking);
  CHECK(!strcmp(found.out, "abstract ECONNREFUSED\nsysv ENOENT\nmqueue ENOENT\nshm ENOENT\ntmp ENOENT\nkill ESRCH\n"),
        "%s", found.out);
  CHECK(process_is_ready(&uid), "the neighbour lives");
  CHECK(client_cancel(holder, holding.id));
  struct outcome held = client_outcome(holder);
  CHECK(held.status == STATUS_CANCELLED, "it was there until now: %u, code %d", held.status, held.exit_code);
  outcome_free(&found);
  outcome_free(&held);
}

static void test_nothing_stays(void) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  struct spec leaving = inside_spec("leave-everything", NULL), seeking = inside_spec("find-shared", NULL);
  struct outcome left = client_run(client, &leaving);
  CHECK(left.status == 0 && left.exit_code == 0);
  struct outcome found = client_run(client, &seeking);
  CHECK(strstr(found.out, "sysv ENOENT\n") && strstr(found.out, "tmp ENOENT\n"), "%s", found.out);
  outcome_free(&left);
  outcome_free(&found);
}

const struct test escape_tests[] = {{"dangerous calls are refused and counted", test_refused_calls},
                                    {"arguments of calls are checked", test_checked_calls},
                                    {"unknown calls do not exist", test_unknown_calls},
                                    {"calls of other architectures kill", test_foreign_calls},
                                    {"becoming root", test_become_root},
                                    {"no capabilities, one uid", test_capabilities},
                                    {"only /w and /tmp are writable", test_writing_everywhere},
                                    {"places that must not exist", test_places},
                                    {"what a box can list", test_lists},
                                    {"mounts of a box", test_mounts_seen},
                                    {"cgroup names are hidden", test_cgroup_seen},
                                    {"no sockets but unix sockets", test_sockets},
                                    {"a daemon dies with its box", test_daemon_dies},
                                    {"two boxes at once", test_two_boxes},
                                    {"one box after the other", test_nothing_stays},
                                    {0}};
