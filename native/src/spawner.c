/*
 * A spawner is small, so that cloning it is cheap, and it lives inside the slot's cgroups where
 * those can't be entered at birth (v1). It gets the descriptors of a box over a socket and clones
 * the box's init as a child of the supervisor (CLONE_PARENT), which alone watches and reaps it.
 *
 * It shares the memory limit with the boxes. They offer themselves first to the kernel's OOM
 * killer, and should a spawner be killed nevertheless, the running box is not affected and the
 * supervisor starts another one before the next run.
 */
#define _GNU_SOURCE
#include "spawner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOCKET 3
#define NOTIFY 4

/* 0 or errno. */
static int clone_box(struct box_area *area, const int fds[BOX_FDS]) {
  struct clone_args arguments = {.flags = CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                                          CLONE_NEWUTS | CLONE_NEWCGROUP,
                                 .parent_tid = (uint64_t)(uintptr_t)&area->init};
  if (fds[BOX_CGROUP] >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (uint64_t)fds[BOX_CGROUP];
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) box_main(area, fds, NOTIFY);
  return pid < 0 ? errno : 0;
}

static _Noreturn void spawner_main(struct box_area *area) {
  setpriority(PRIO_PROCESS, 0, 0);
  for (int fds[BOX_FDS];;) {
    if (receive_descriptors(SOCKET, fds, BOX_FDS, 0) < 0) _exit(0);
    int error = clone_box(area, fds);
    for (int i = 0; i < BOX_FDS; i++) close_fd(&fds[i]);
    if (send(SOCKET, &error, sizeof error, MSG_NOSIGNAL) != sizeof error) _exit(0);
  }
}

/* Leaves only the two sockets and null streams open. */
static bool keep_only(int socket, int notify) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  int first = fcntl(socket, F_DUPFD_CLOEXEC, 10), second = fcntl(notify, F_DUPFD_CLOEXEC, 10);
  if (null < 0 || first < 0 || second < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0) return false;
  if (dup3(first, SOCKET, O_CLOEXEC) < 0 || dup3(second, NOTIFY, O_CLOEXEC) < 0) return false;
  return !syscall(SYS_close_range, NOTIFY + 1, ~0U, 0);
}

const char *spawner_start(struct spawner *spawner, struct box_area *area, const struct slot_cgroup *cgroup) {
  int pair[2], notify[2];
  *spawner = (struct spawner){-1, -1, -1, -1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
      socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, notify))
    return "socketpair";
  fcntl(notify[0], F_SETFL, O_NONBLOCK);
  pid_t supervisor = getpid(), pid = fork();
  if (pid < 0) return "fork";
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(1);
    const char *failed = cgroup->all->version == 1 ? slot_cgroup_join(cgroup) : NULL;
    int error = failed ? errno : 0;
    if (!keep_only(pair[1], notify[1])) error = errno;
    if (send(SOCKET, &error, sizeof error, MSG_NOSIGNAL) != sizeof error || error) _exit(1);
    spawner_main(area);
  }
  close(pair[1]);
  *spawner = (struct spawner){pid, open_pidfd(pid), pair[0], notify[0], notify[1]};
  int error = 0;
  if (recv(pair[0], &error, sizeof error, 0) != sizeof error || error) {
    errno = error ? error : EPIPE;
    return "moving the spawner into its cgroups";
  }
  return NULL;
}

bool spawner_lives(const struct spawner *spawner) {
  return spawner->pid > 0 && !wait_pidfd(spawner->pidfd, 0);
}

void spawner_stop(struct spawner *spawner) {
  if (spawner->pid <= 0) return;
  kill_pidfd(spawner->pidfd);
  waitpid(spawner->pid, NULL, 0);
  close_fd(&spawner->pidfd);
  close_fd(&spawner->socket);
  close_fd(&spawner->notify);
  close_fd(&spawner->notify_write);
  spawner->pid = -1;
}

int spawner_clone(const struct spawner *spawner, const int fds[BOX_FDS], struct box_area *area) {
  int error = EPIPE;
  ssize_t got;
  area->init = 0;
  if (!send_descriptors(spawner->socket, fds, fds[BOX_CGROUP] >= 0 ? BOX_FDS : BOX_CGROUP)) return -1;
  do got = recv(spawner->socket, &error, sizeof error, 0);
  while (got < 0 && errno == EINTR);
  /* A spawner that is killed at the wrong moment leaves a box behind that it has told nobody about. */
  if (area->init == 0) {
    errno = got == sizeof error ? error : EPIPE;
    return -1;
  }
  int pidfd = open_pidfd(area->init);
  if (pidfd < 0) {
    /* Our child that is not reaped yet, so the number is still its own. */
    error = errno;
    kill(area->init, SIGKILL);
    waitpid(area->init, NULL, 0);
    errno = error;
  }
  return pidfd;
}

int spawner_listener(const struct spawner *spawner) {
  int listener;
  return receive_descriptors(spawner->notify, &listener, 1, MSG_DONTWAIT) < 0 ? -1 : listener;
}

uint64_t process_cpu(pid_t pid) {
  struct timespec used;
  /* The clock of another process: its number, inverted, above the kind (2 = scheduler's account). */
  clockid_t clock = (clockid_t)(~(unsigned)pid << 3 | 2);
  if (clock_gettime(clock, &used)) return 0;
  return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}
