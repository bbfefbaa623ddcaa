/*
 * The first process of a box is its init: pid 1 of the box's pid namespace. It makes the mounts,
 * gives up every capability that it no longer needs, starts the program as its child and waits.
 * When the program has ended, init exits, and with it the kernel ends everything else in the box.
 * Killing init from outside does the same at any moment; so there is one way to end a box.
 *
 * The program's process shares init's memory until exec (vfork): nothing is copied for it.
 */
#define _GNU_SOURCE
#include "box.h"

#include "mounts.h"
#include "seccomp.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct program {
  struct box_area *area;
  const int *fds;
  int notify;
};

struct box_area *box_area_make(void) {
  void *area = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return area == MAP_FAILED ? NULL : area;
}

static void *take(struct box_area *area, size_t size) {
  size_t start = (area->arena_used + 15) & ~(size_t)15;
  if (size > ARENA_SIZE - sizeof *area || start > ARENA_SIZE - sizeof *area - size) return NULL;
  area->arena_used = start + size;
  return area->arena + start;
}

static char **copy_texts(struct box_area *area, struct list list) {
  char **texts = take(area, (list.count + 1) * sizeof *texts);
  for (uint32_t i = 0; texts && i < list.count; i++) {
    struct view text = read_view(&list.at, 4);
    texts[i] = take(area, text.size + 1);
    if (!texts[i]) return NULL;
    memcpy(texts[i], text.data, text.size);
    texts[i][text.size] = 0;
  }
  if (texts) texts[list.count] = NULL;
  return texts;
}

bool box_area_fill(struct box_area *area, const struct run_request *run) {
  area->arena_used = 0;
  area->init = 0;
  area->exec_at = area->ended_at = area->setup_cpu = area->init_before = area->init_after = 0;
  area->stage = STAGE_NONE;
  area->stack = run->limits.stack;
  area->file = run->limits.file;
  area->open_files = run->limits.open_files;
  /* Per process and in whole seconds: a backstop behind the supervisor's clock, never before it. */
  area->cpu_seconds = (uint32_t)(run->limits.cpu / 1000000000) + 2;
  area->argv = copy_texts(area, run->argv);
  area->env = copy_texts(area, run->env);
  if (!area->argv || !area->env) return false;
  area->path = "/usr/local/bin:/usr/bin:/bin";
  for (char **entry = area->env; *entry; entry++)
    if (!strncmp(*entry, "PATH=", 5)) area->path = *entry + 5;
  return true;
}

static void say_failed(struct box_area *area, enum box_stage stage, const char *what) {
  area->error = errno;
  snprintf(area->failed, sizeof area->failed, "%s", what);
  area->stage = stage;
}

static int keep_capabilities(uint32_t kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{.effective = kept, .permitted = kept}};
  return (int)syscall(SYS_capset, &header, data);
}

static int set_limit(int resource, uint64_t value) {
  struct rlimit64 old;
  /* sandboxd may itself live under a hard limit that it has no right to raise. */
  if (!prlimit64(0, resource, NULL, &old) && old.rlim_max < value) value = old.rlim_max;
  return prlimit64(0, resource, &(struct rlimit64){value, value}, NULL);
}

static const char *become_program(const struct program *program) {
  const struct box_area *area = program->area;
  if (setsid() < 0) return "setsid";
  for (int i = 0; i < 3; i++)
    if (dup2(program->fds[BOX_STDIN + i], i) < 0) return "the standard streams";
  if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC)) return "close_range";
  /* 1 is the limit at which also a host whose dumps go to a program starts none; at 0 it would run
     that program, as root and outside of every limit, whenever a box crashes. */
  if (set_limit(RLIMIT_STACK, area->stack) || set_limit(RLIMIT_NOFILE, area->open_files) ||
      set_limit(RLIMIT_FSIZE, area->file) || set_limit(RLIMIT_CORE, 1) || set_limit(RLIMIT_CPU, area->cpu_seconds) ||
      set_limit(RLIMIT_RTPRIO, 0) || set_limit(RLIMIT_NICE, 0))
    return "resource limits";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return "no_new_privs";
  /* Raw calls: the C library's wrappers would tell the threads that share this memory. */
  if (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, area->uid, area->uid, area->uid) ||
      syscall(SYS_setresuid, area->uid, area->uid, area->uid))
    return "the slot's uid";
  return NULL;
}

static void execute(const struct box_area *area) {
  const char *name = area->argv[0];
  if (strchr(name, '/')) {
    execve(name, area->argv, area->env);
    return;
  }
  bool forbidden = false;
  for (const char *at = area->path; *at;) {
    size_t length = strcspn(at, ":");
    char candidate[4096];
    int size = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, at, name);
    if (length > 0 && size > 0 && (size_t)size < sizeof candidate) {
      execve(candidate, area->argv, area->env);
      forbidden |= errno == EACCES;
      if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) return;
    }
    at += length + (at[length] == ':');
  }
  errno = forbidden ? EACCES : ENOENT;
}

static uint64_t own_cpu(void) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static int program_main(void *argument) {
  const struct program *program = argument;
  struct box_area *area = program->area;
  const char *failed = become_program(program);
  if (failed) {
    say_failed(area, STAGE_IDENTITY, failed);
    _exit(127);
  }
  int listener = seccomp_load();
  if (listener < 0) {
    say_failed(area, STAGE_SECCOMP, "the system call filter");
    _exit(127);
  }
  area->setup_cpu = own_cpu();
  area->exec_at = now_ns();
  /* Fails when there is no supervisor any more. */
  if (!send_descriptors(program->notify, &listener, 1)) {
    say_failed(area, STAGE_SECCOMP, "the supervisor is gone");
    _exit(127);
  }
  execute(area);
  say_failed(area, STAGE_EXEC, "exec");
  _exit(127);
}

_Noreturn void box_main(struct box_area *area, const int fds[BOX_FDS], int notify) {
  static _Alignas(16) char stack[64 * 1024];
  const uint32_t needed = 1u << CAP_SETUID | 1u << CAP_SETGID;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char *failed = mounts_of_box(fds[BOX_IMAGE], fds[BOX_WORK], fds[BOX_TEMPORARY]);
  if (failed || keep_capabilities(needed)) {
    say_failed(area, STAGE_MOUNTS, failed ? failed : "capset");
    _exit(1);
  }
  struct program program = {area, fds, notify};
  pid_t main = clone(program_main, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &program);
  if (main < 0) {
    say_failed(area, STAGE_IDENTITY, "the program's process");
    _exit(1);
  }
  if (keep_capabilities(0)) _exit(1);
  syscall(SYS_close_range, 0, ~0U, 0);
  area->init_before = own_cpu();
  for (;;) {
    int status;
    pid_t ended = wait4(-1, &status, 0, NULL);
    if (ended < 0 && errno != EINTR) _exit(1);
    if (ended != main) continue;
    area->status = status;
    area->init_after = own_cpu();
    area->ended_at = now_ns();
    _exit(0);
  }
}
