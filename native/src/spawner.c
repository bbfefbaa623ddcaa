/*
 * A spawner is small, so that cloning it is cheap, and it lives inside the slot's cgroups where those can't
 * be entered at birth (v1). It clones the init of a box as a child of the supervisor (CLONE_PARENT), which
 * alone watches and reaps it. The next box is made as soon as one has ended (ahead.c), so it is there before it is wanted;
 * its init waits on the slot's `start` socket, its program on `run`.
 *
 * It shares the memory limit with the boxes. They offer themselves first to the kernel's OOM killer, and should
 * a spawner be killed nevertheless, the box is not affected and the supervisor starts another one.
 */
#include "sandboxd.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Above every descriptor that a program can have at its start. */
enum { SOCKET = 40, START, RUN, NOTIFY, FIRST_FREE };

const struct spawner no_spawner = {-1, -1, -1, -1, -1, -1};

/* 0 or errno. */
static int clone_box(struct box_area *area, bool privileged, int birthplace) {
  struct clone_args arguments = {.flags = CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                                          CLONE_NEWUTS | CLONE_NEWCGROUP,
                                 .parent_tid = (uint64_t)(uintptr_t)&area->init};
  /* In a user namespace of its own the program is nobody special there either. */
  if (!privileged) arguments.flags |= CLONE_NEWUSER;
  if (birthplace >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (uint64_t)birthplace;
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) {
    /* Or the supervisor would wait for an answer of a spawner that has died. */
    close(SOCKET);
    box_main(area, privileged, START, RUN, NOTIFY);
  }
  return pid < 0 ? errno : 0;
}

static _Noreturn void spawner_main(struct box_area *area, bool privileged) {
  setpriority(PRIO_PROCESS, 0, 0);
  for (;;) {
    AUTO_CLOSE int birthplace = -1;
    if (receive_descriptors(SOCKET, &birthplace, 1, NULL, 0) < 0) _exit(0);
    int error = clone_box(area, privileged, birthplace);
    if (send(SOCKET, &error, sizeof error, MSG_NOSIGNAL) != sizeof error) _exit(0);
  }
}

/* Leaves only the sockets and null streams open. */
static bool keep_only(int (*pair)[2]) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  int moved[FIRST_FREE - SOCKET];
  for (int i = 0; i < FIRST_FREE - SOCKET; i++)
    if ((moved[i] = fcntl(pair[i][1], F_DUPFD_CLOEXEC, FIRST_FREE)) < 0) return false;
  for (int i = 0; i < FIRST_FREE - SOCKET; i++)
    if (dup3(moved[i], SOCKET + i, O_CLOEXEC) < 0) return false;
  if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0) return false;
  return !syscall(SYS_close_range, FIRST_FREE, ~0U, 0) && !syscall(SYS_close_range, 3, SOCKET - 1, 0);
}

const char *spawner_start(struct spawner *spawner, struct box_area *area, const struct slot_cgroup *cgroup, bool privileged) {
  int pair[FIRST_FREE - SOCKET][2], on = 1;
  *spawner = no_spawner;
  for (unsigned i = 0; i < COUNT_OF(pair); i++)
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair[i])) return "socketpair";
  int notify = pair[NOTIFY - SOCKET][0];
  fcntl(notify, F_SETFL, O_NONBLOCK);
  setsockopt(notify, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  pid_t supervisor = getpid(), pid = fork();
  if (pid < 0) return "fork";
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(1);
    signal(SIGPIPE, SIG_DFL);
    const char *failed = cgroup->all->version == 1 ? slot_cgroup_join(cgroup) : NULL;
    int error = failed ? errno : 0;
    if (!keep_only(pair)) error = errno;
    if (send(SOCKET, &error, sizeof error, MSG_NOSIGNAL) != sizeof error || error) _exit(1);
    spawner_main(area, privileged);
  }
  for (unsigned i = 0; i < COUNT_OF(pair); i++) close(pair[i][1]);
  *spawner = (struct spawner){pid, open_pidfd(pid), pair[0][0], pair[START - SOCKET][0], pair[RUN - SOCKET][0], notify};
  int error = 0;
  if (recv(spawner->socket, &error, sizeof error, 0) == sizeof error && !error) return NULL;
  errno = error ? error : EPIPE;
  return "moving the spawner into its cgroups";
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
  close_fd(&spawner->start);
  close_fd(&spawner->run);
  close_fd(&spawner->notify);
  spawner->pid = -1;
}

bool spawner_ask(struct spawner *spawner, struct box_area *area, int birthplace) {
  box_area_reset(area);
  return send_descriptors(spawner->socket, &birthplace, birthplace >= 0);
}

int spawner_take(struct spawner *spawner, struct box_area *area) {
  int error = EPIPE;
  ssize_t got;
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
