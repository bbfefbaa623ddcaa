/* A trial outside: namespaces, streams and a deadline for a control, and what came of it. */
#define _GNU_SOURCE
#include "outside.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE (15000 * MS * slowness())

struct caught {
  int fd;
  uint64_t total, cap;
  size_t size;
  char *data; /* cap + 1 bytes */
};

struct control {
  pid_t keeper;
  int result, go;
  struct caught out, err;
};

/* Holds the namespaces until the first process in them has ended. */
static noreturn void keep(const struct scene *scene, int input, int out, int err, int result, int go) {
  const struct outside *walls = &scene->attack->outside;
  int kinds = CLONE_NEWNS | CLONE_NEWUTS | (walls->same_pids ? 0 : CLONE_NEWPID) | (walls->same_net ? 0 : CLONE_NEWNET) |
              (walls->same_ipc ? 0 : CLONE_NEWIPC);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_DFL);
  dup2(input, 0);
  dup2(out, 1);
  dup2(err, 2);
  if (unshare(kinds)) fail(1, "the control's namespaces: %m");
  pid_t first = fork();
  if (first == 0) outside_main(scene, world.inside, result, go);
  close(result);
  _exit(first > 0 && waitpid(first, NULL, 0) == first ? 0 : 1);
}

static int input_of(const struct spec *spec) {
  if (!spec->input_size) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  int fd = memfd_create("input", MFD_CLOEXEC);
  if (write(fd, spec->input, spec->input_size) != (ssize_t)spec->input_size || lseek(fd, 0, SEEK_SET)) close_fd(&fd);
  return fd;
}

static bool start(const struct scene *scene, struct control *control) {
  int out[2], err[2], result[2], go[2];
  AUTO_CLOSE int input = input_of(&scene->spec);
  if (input < 0 || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) || pipe2(result, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
    return false;
  fflush(stdout);
  control->keeper = fork();
  if (control->keeper == 0) {
    close(go[1]);
    keep(scene, input, out[1], err[1], result[1], go[0]);
  }
  close(out[1]);
  close(err[1]);
  close(result[1]);
  close(go[0]);
  control->result = result[0];
  control->go = go[1];
  control->out = (struct caught){.fd = out[0], .cap = scene->spec.stdout_cap};
  control->err = (struct caught){.fd = err[0], .cap = scene->spec.stderr_cap};
  struct caught *streams[] = {&control->out, &control->err};
  for (unsigned i = 0; i < COUNT_OF(streams); i++) {
    fcntl(streams[i]->fd, F_SETFL, O_NONBLOCK);
    streams[i]->data = calloc(1, streams[i]->cap + 1);
  }
  return control->keeper > 0;
}

/* Keeps up to the cap and counts the rest. */
static void drain(struct caught *stream) {
  static char rest[65536];
  for (;;) {
    bool kept = stream->size < stream->cap;
    ssize_t got = kept ? read(stream->fd, stream->data + stream->size, stream->cap - stream->size)
                       : read(stream->fd, rest, sizeof rest);
    if (got <= 0) {
      if (got == 0) close_fd(&stream->fd);
      return;
    }
    stream->total += (uint64_t)got;
    if (kept) stream->size += (size_t)got;
  }
}

/* Until the attack has ended; false when it does not, or its control could not be made. */
static bool follow(struct control *control, struct told *told) {
  uint64_t deadline = now_ns() + DEADLINE;
  for (uint64_t now; (now = now_ns()) < deadline;) {
    struct pollfd fds[] = {{control->out.fd, POLLIN, 0}, {control->err.fd, POLLIN, 0}, {control->result, POLLIN, 0}};
    poll(fds, COUNT_OF(fds), (int)((deadline - now) / MS) + 1);
    drain(&control->out);
    drain(&control->err);
    if (fds[2].revents) return read(control->result, told, sizeof *told) == sizeof *told;
  }
  return false;
}

static struct outcome outcome_of(int status) {
  struct outcome outcome = {.type = FRAME_OUTCOME, .exit_code = -1};
  if (WIFEXITED(status)) {
    outcome.status = STATUS_EXITED;
    outcome.exit_code = WEXITSTATUS(status);
  } else {
    outcome.status = STATUS_SIGNALLED;
    outcome.signal = WTERMSIG(status);
  }
  return outcome;
}

static void judge(struct scene *scene, struct control *control, const struct told *told) {
  scene->outcome = outcome_of(told->status);
  struct outcome *outcome = &scene->outcome;
  outcome->wall = told->wall;
  outcome->out = control->out.data, outcome->out_size = control->out.size, outcome->out_total = control->out.total;
  outcome->err = control->err.data, outcome->err_size = control->err.size, outcome->err_total = control->err.total;
  if (told->earlier_could_not) scene_could_not(scene, "what runs before could not do its part");
  else scene_judge(scene, outcome, false);
  if (!scene->attack->victim) return;
  scene->victim = outcome_of(told->victim_status);
  if (!told->victim_ended) scene->victim.status = STATUS_CANCELLED;
  if (scene_is_open(scene)) scene_judge(scene, &scene->victim, true);
}

/* The first process is dead, and with it the pid namespace, if it had one. */
static void end_all_of(uid_t uid) {
  pid_t pid = uid ? fork() : -1;
  if (pid == 0) {
    if (!setresuid(uid, uid, uid)) kill(-1, SIGKILL);
    _exit(0);
  }
  if (pid > 0) waitpid(pid, NULL, 0);
}

void trial_outside(struct scene *scene) {
  struct control control = {0};
  struct told told;
  if (!scene_is_open(scene)) return;
  if (!start(scene, &control)) fail(1, "a control can't be started: %m");
  bool ended = follow(&control, &told);
  if (ended) judge(scene, &control, &told);
  else scene_could_not(scene, "did not end within %u s, or could not start: %.150s", (unsigned)(DEADLINE / 1000 / MS), control.err.data);
  if (scene_is_open(scene) && scene->attack->check) scene->attack->check(scene);
  if (!ended) {
    kill(control.keeper, SIGKILL);
    end_all_of(scene->uid);
    free(control.out.data);
    free(control.err.data);
  }
  close_fd(&control.go);
  close_fd(&control.result);
  close_fd(&control.out.fd);
  close_fd(&control.err.fd);
  waitpid(control.keeper, NULL, 0);
}
