/*
 * The first process of a box is its init: pid 1 of the box's pid namespace. It makes what needs no request, waits
 * for the descriptors of one, makes the mounts, gives up every capability that it no longer needs, starts the
 * program as its child and waits. When the program has ended, init exits, and with it the kernel ends everything
 * else in the box. Killing init from outside does the same at any moment; so there is one way to end a box.
 *
 * The program's process shares init's memory until exec (vfork): nothing is copied for it.
 */
#include "sandboxd.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* The kernel charges queued signals to a cgroup beyond its limit. */
#define SIGNALS_MAX 1024
/* Where received descriptors go when those of the program could have their numbers. */
#define HIGH 64

struct program {
  struct box_area *area;
  int *fds;
  int notify;
};

struct box_area *box_area_make(void) {
  void *area = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return area == MAP_FAILED ? NULL : area;
}

void box_area_reset(struct box_area *area) {
  area->init = 0;
  area->exec_at = area->ended_at = area->setup_cpu = area->init_before = area->init_after = 0;
  area->stage = STAGE_NONE;
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
  area->limits = run->limits;
  area->fd_count = run->fd_count > 3 ? run->fd_count : 3;
  area->terminal = -1;
  for (unsigned i = 0; i < run->fd_count; i++)
    if (run->fds[i].kind == FD_TERMINAL) area->terminal = (int)i;
  area->cpus_size = run->cpus.size;
  if (run->cpus.size) memcpy(area->cpus, run->cpus.data, run->cpus.size);
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

int drop_bounding_set(void) {
  for (int capability = 0; capability <= 63; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  return prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int set_limit(int resource, uint64_t value) {
  struct rlimit64 old;
  /* sandboxd may itself live under a hard limit that it has no right to raise. */
  if (!prlimit64(0, resource, NULL, &old) && old.rlim_max < value) value = old.rlim_max;
  return prlimit64(0, resource, &(struct rlimit64){value, value}, NULL);
}

static bool set_limits(const struct box_area *area) {
  const struct limits *limits = &area->limits;
  /* Of CPU time per process and in whole seconds: a backstop behind the supervisor's clock, never before it. Of core 1 is
     the limit at which also a host whose dumps go to a program starts none; at 0 it would run that program, as root
     and outside of every limit, whenever a box crashes. */
  return !set_limit(RLIMIT_STACK, limits->stack) && !set_limit(RLIMIT_NOFILE, limits->open_files) &&
         !set_limit(RLIMIT_FSIZE, limits->file) && !set_limit(RLIMIT_CORE, 1) &&
         !set_limit(RLIMIT_CPU, limits->cpu / SECOND + 2) && !set_limit(RLIMIT_RTPRIO, 0) && !set_limit(RLIMIT_NICE, 0) &&
         !set_limit(RLIMIT_SIGPENDING, SIGNALS_MAX) &&
         (!limits->address_space || !set_limit(RLIMIT_AS, limits->address_space)) &&
         (!limits->data || !set_limit(RLIMIT_DATA, limits->data)) &&
         (!area->processes_rlimit || !set_limit(RLIMIT_NPROC, area->processes_rlimit));
}

static const char *become_program(const struct program *program) {
  const struct box_area *area = program->area;
  if (setsid() < 0) return "setsid";
  for (unsigned i = 0; i < area->fd_count; i++)
    if (dup2(program->fds[BOX_FDS + i], (int)i) < 0) return "the descriptors";
  if (area->terminal >= 0 && ioctl(area->terminal, TIOCSCTTY, 0)) return "the controlling terminal";
  if (!set_limits(area)) return "resource limits";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return "no_new_privs";
  /* Raw calls: the C library's wrappers would tell the threads that share this memory. In a user namespace the one uid
     that there is, is the box's already, and groups can't be changed. */
  if (area->uid && (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, area->uid, area->uid, area->uid) ||
                    syscall(SYS_setresuid, area->uid, area->uid, area->uid)))
    return "the slot's uid";
  return keep_capabilities(0) ? "capset" : NULL;
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

static int program_main(void *argument) {
  const struct program *program = argument;
  struct box_area *area = program->area;
  if (area->cpus_size && syscall(SYS_sched_setaffinity, 0, area->cpus_size, area->cpus)) {
    say_failed(area, STAGE_EXEC, "none of the wanted processors can be used for");
    _exit(127);
  }
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
  area->setup_cpu = process_cpu(0);
  area->exec_at = now_ns();
  /* Fails when there is no supervisor any more. */
  if (!send_descriptors(program->notify, &listener, 1)) {
    say_failed(area, STAGE_SECCOMP, "the supervisor is gone");
    _exit(127);
  }
  /* Closed, not only on exec: a script can name as its interpreter what is open until then. */
  if (!syscall(SYS_close_range, area->fd_count, ~0U, 0)) execute(area);
  say_failed(area, STAGE_EXEC, "exec");
  _exit(127);
}

/* The descriptors of the request; how many. Ends when there is no supervisor any more. */
static unsigned wait_for_request(int start, int fds[DESCRIPTORS_MAX]) {
  int count = receive_descriptors(start, fds, DESCRIPTORS_MAX, NULL, 0);
  if (count < BOX_FDS + 3) _exit(1);
  for (int i = 0; count > BOX_FDS + 3 && i < count; i++)
    if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, HIGH)) < 0) _exit(1);
  return (unsigned)count;
}

static const char *prepare(struct box_area *area, bool privileged, int start, int fds[DESCRIPTORS_MAX]) {
  int proc, devices;
  const char *failed = mounts_ahead(privileged, &proc, &devices);
  unsigned count = wait_for_request(start, fds);
  if (failed) return failed;
  if (!privileged && drop_bounding_set()) return "the bounding set";
  unsigned terminals = BOX_FDS + area->fd_count;
  if ((failed = mounts_of_box(fds, proc, devices, count > terminals ? fds[terminals] : -1))) return failed;
  return keep_capabilities(area->uid ? 1u << CAP_SETUID | 1u << CAP_SETGID : 0) ? "capset" : NULL;
}

_Noreturn void box_main(struct box_area *area, bool privileged, int start, int notify) {
  static _Alignas(16) char stack[64 * 1024];
  int fds[DESCRIPTORS_MAX];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char *failed = prepare(area, privileged, start, fds);
  if (failed) {
    say_failed(area, STAGE_MOUNTS, failed);
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
  area->init_before = process_cpu(0);
  for (;;) {
    int status;
    pid_t ended = wait4(-1, &status, 0, NULL);
    if (ended < 0 && errno != EINTR) _exit(1);
    if (ended != main) continue;
    area->status = status;
    area->init_after = process_cpu(0);
    area->ended_at = now_ns();
    _exit(0);
  }
}
