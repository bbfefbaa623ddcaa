/*
 * The first process of a box is its init: pid 1 of the box's pid namespace. It starts the program's process, which
 * goes under the filter and waits for its request; meanwhile init waits for the image, makes the mounts, and gives up
 * every capability. All of this can be done before anybody asks for a run; what is left for then is an identity,
 * descriptors, limits and exec.
 *
 * When the program has ended and nothing else lives in the box, init says so and waits for its end: the answer need not
 * wait until the kernel has taken the namespaces apart. When something does live, init exits, and with it the kernel
 * ends everything else in the box. Killing init from outside does the same at any moment; so there is one way to end a
 * box.
 *
 * Until exec the program's process shares init's memory, so nothing is copied for it. Whatever both of them do at the
 * same time are system calls that succeed, and so leave errno alone.
 */
#include "sandboxd.h"

#include <linux/capability.h>
#include <linux/futex.h>
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
  int run, notify;
};

struct box_area *box_area_make(void) {
  void *area = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return area == MAP_FAILED ? NULL : area;
}

void box_area_reset(struct box_area *area) {
  area->init = 0;
  area->exec_at = area->ended_at = area->setup_cpu = area->init_before = area->init_after = 0;
  area->mounted = 0;
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
  area->argv = copy_texts(area, run->argv);
  area->env = copy_texts(area, run->env);
  if (!area->argv || !area->env) return false;
  area->path = "/usr/local/bin:/usr/bin:/bin";
  for (char **entry = area->env; *entry; entry++)
    if (!strncmp(*entry, "PATH=", 5)) area->path = *entry + 5;
  return true;
}

void box_failed(struct box_area *area, enum box_stage stage, const char *what) {
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

/* sandboxd may itself live under hard limits that it has no right to raise. */
static uint64_t hard_limits[RLIM_NLIMITS];

static int set_limit(int resource, uint64_t value) {
  if (hard_limits[resource] < value) value = hard_limits[resource];
  return prlimit64(0, (enum __rlimit_resource)resource, &(struct rlimit64){value, value}, NULL);
}

/* Of core 1 is the limit at which also a host whose dumps go to a program starts none; at 0 it would run that program, as
   root and outside of every limit, whenever a box crashes. */
static bool set_common_limits(void) {
  struct rlimit64 old;
  for (int resource = 0; resource < RLIM_NLIMITS; resource++)
    hard_limits[resource] = prlimit64(0, (enum __rlimit_resource)resource, NULL, &old) ? RLIM64_INFINITY : old.rlim_max;
  return !set_limit(RLIMIT_CORE, 1) && !set_limit(RLIMIT_RTPRIO, 0) && !set_limit(RLIMIT_NICE, 0) &&
         !set_limit(RLIMIT_SIGPENDING, SIGNALS_MAX);
}

static bool set_limits(const struct box_area *area) {
  const struct limits *limits = &area->limits;
  /* Of CPU time per process and in whole seconds: a backstop behind the supervisor's clock, never before it. */
  return !set_limit(RLIMIT_STACK, limits->stack) && !set_limit(RLIMIT_NOFILE, limits->open_files) &&
         !set_limit(RLIMIT_FSIZE, limits->file) && !set_limit(RLIMIT_CPU, limits->cpu / SECOND + 2) &&
         (!limits->address_space || !set_limit(RLIMIT_AS, limits->address_space)) &&
         (!limits->data || !set_limit(RLIMIT_DATA, limits->data)) &&
         (!area->processes_rlimit || !set_limit(RLIMIT_NPROC, area->processes_rlimit));
}

/* What of a program's identity no request decides. The uid comes last, so that nobody has it but a program that runs.
   Raw calls: the C library's wrappers would tell the threads that share this memory. In a user namespace the one uid
   that there is, is the box's already, and groups can't be changed. */
static const char *become_nobody(uid_t uid) {
  if (setsid() < 0) return "setsid";
  if (!set_common_limits()) return "resource limits";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return "no_new_privs";
  if (uid && (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, uid, uid, uid))) return "the slot's groups";
  return keep_capabilities(uid ? 1u << CAP_SETUID : 0) ? "capset" : NULL;
}

static const char *become_program(const struct box_area *area, const int *fds) {
  /* Mounts were made meanwhile. */
  if (chdir("/w")) return "/w";
  for (unsigned i = 0; i < area->fd_count; i++)
    if (dup2(fds[i], (int)i) < 0) return "the descriptors";
  if (area->terminal >= 0 && ioctl(area->terminal, TIOCSCTTY, 0)) return "the controlling terminal";
  if (!set_limits(area)) return "resource limits";
  if (area->uid && syscall(SYS_setresuid, area->uid, area->uid, area->uid)) return "the slot's uid";
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

static _Noreturn void give_up(const struct program *program, enum box_stage stage, const char *what) {
  box_failed(program->area, stage, what);
  /* Who waits for a listener gets none. */
  send_descriptors(program->notify, NULL, 0);
  _exit(127);
}

/* The program's descriptors; ends when there is no supervisor any more. */
static void wait_for_request(const struct program *program, int fds[FDS_MAX]) {
  int count = receive_descriptors(program->run, fds, FDS_MAX, NULL, 0);
  if (count < 3 || (unsigned)count != program->area->fd_count) _exit(127);
  for (int i = 0; count > 3 && i < count; i++)
    if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, HIGH)) < 0) _exit(127);
  while (!program->area->mounted) syscall(SYS_futex, &program->area->mounted, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static int program_main(void *argument) {
  const struct program *program = argument;
  struct box_area *area = program->area;
  int fds[FDS_MAX];
  const char *failed = become_nobody(area->uid);
  if (failed) give_up(program, STAGE_IDENTITY, failed);
  /* Everything from here on is allowed by it. */
  int listener = seccomp_load();
  if (listener < 0) give_up(program, STAGE_SECCOMP, "the system call filter");
  if (!send_descriptors(program->notify, &listener, 1)) _exit(127);
  wait_for_request(program, fds);
  if ((failed = become_program(area, fds))) {
    box_failed(area, STAGE_IDENTITY, failed);
    _exit(127);
  }
  area->setup_cpu = process_cpu(0);
  area->exec_at = now_ns();
  /* Closed, not only on exec: a script can name as its interpreter what is open until then. */
  if (!syscall(SYS_close_range, area->fd_count, ~0U, 0)) execute(area);
  box_failed(area, STAGE_EXEC, "exec");
  _exit(127);
}

/* Waits for the image and what belongs to it; ends when there is no supervisor any more. */
static const char *mount_all(int start, int proc, int devices) {
  int fds[BOX_FDS + 1];
  int count = receive_descriptors(start, fds, BOX_FDS + 1, NULL, 0);
  if (count < BOX_FDS) _exit(1);
  const char *failed = mounts_of_box(fds, proc, devices, count > BOX_FDS ? fds[BOX_FDS] : -1);
  if (failed) return failed;
  return keep_capabilities(0) ? "capset" : NULL;
}

/* Of the program and all that it leaves behind: true when nothing of it lives any more. */
static bool bury(struct box_area *area, pid_t program) {
  pid_t ended;
  int status;
  while ((ended = wait4(-1, &status, __WALL, NULL)) != program)
    if (ended < 0 && errno != EINTR) return false;
  area->status = status;
  area->init_after = process_cpu(0);
  area->ended_at = now_ns();
  /* Whoever has lost its parent is a child of init. */
  do ended = wait4(-1, &status, __WALL | WNOHANG, NULL);
  while (ended > 0);
  return ended < 0 && errno == ECHILD && !getrusage(RUSAGE_CHILDREN, &area->resources);
}

_Noreturn void box_main(struct box_area *area, bool privileged, int start, int run, int notify) {
  static _Alignas(16) char stack[64 * 1024];
  int proc, devices;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct program program = {area, run, notify};
  const char *failed = mounts_ahead(privileged, &proc, &devices);
  if (!failed && !privileged && drop_bounding_set()) failed = "the bounding set";
  if (failed) {
    box_failed(area, STAGE_MOUNTS, failed);
    _exit(1);
  }
  pid_t main = clone(program_main, stack + sizeof stack, CLONE_VM | SIGCHLD, &program);
  if (main < 0) {
    box_failed(area, STAGE_IDENTITY, "the program's process");
    _exit(1);
  }
  if ((failed = mount_all(start, proc, devices))) {
    box_failed(area, STAGE_MOUNTS, failed);
    _exit(1);
  }
  syscall(SYS_close_range, 0, notify - 1, 0);
  syscall(SYS_close_range, notify + 1, ~0U, 0);
  area->init_before = process_cpu(0);
  area->mounted = 1;
  syscall(SYS_futex, &area->mounted, FUTEX_WAKE, 1, NULL, NULL, 0);
  if (!bury(area, main) || !send_descriptors(notify, NULL, 0)) _exit(0);
  for (;;) pause();
}
