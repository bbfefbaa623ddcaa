/* The first process of a control: what a box's init, its supervisor and their limits are to a box. */
#define _GNU_SOURCE
#include "outside.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void copy_files(const struct scene *scene) {
  for (unsigned i = 0; i < COUNT_OF(scene->spec.files) && scene->spec.files[i].path; i++) {
    const struct input_file *file = &scene->spec.files[i];
    AUTO_CLOSE int fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC, file->mode);
    if (fd < 0 || write(fd, file->data, file->size) != (ssize_t)file->size || fchown(fd, scene->uid, scene->uid) ||
        fchmod(fd, file->mode))
      fail(1, "the control's file %s: %m", file->path);
  }
}

static pid_t start_part(const struct scene *scene, const struct spec *spec) {
  pid_t pid = fork();
  if (pid) return pid;
  setsid();
  syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
  if (scene->uid && (setgroups(0, NULL) || setresgid(scene->uid, scene->uid, scene->uid) ||
                     setresuid(scene->uid, scene->uid, scene->uid)))
    fail(COULD_NOT, "the control's uid: %m");
  execve("/attacks", (char *const *)spec->argv, (char *const *)spec->env);
  fail(COULD_NOT, "the control's program: %m");
}

/* Not any child, so that the victim's end is still there to be looked at. */
static int wait_for(pid_t pid) {
  int status = -1;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

/* A name is set by the victim itself when it is ready. */
static bool is_ready(pid_t pid) {
  char path[32], name[32];
  snprintf(path, sizeof path, "/proc/%d/comm", pid);
  return !read_text(AT_FDCWD, path, name, sizeof name) && !strcmp(name, "ready");
}

static bool has_ended(pid_t pid) {
  siginfo_t info = {0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == pid;
}

static void run_parts(const struct scene *scene, struct told *told) {
  const struct attack *attack = scene->attack;
  pid_t victim = attack->victim ? start_part(scene, &scene->victim_spec) : 0;
  while (victim && !is_ready(victim) && !has_ended(victim)) poll(NULL, 0, 1);
  if (attack->earlier) {
    int status = wait_for(start_part(scene, &scene->earlier_spec));
    told->earlier_could_not = WIFEXITED(status) && WEXITSTATUS(status) == COULD_NOT;
  }
  uint64_t start = now_ns();
  told->status = wait_for(start_part(scene, &scene->spec));
  told->wall = now_ns() - start;
  if (!victim) return;
  told->victim_ended = has_ended(victim);
  if (!told->victim_ended) kill(victim, SIGKILL);
  told->victim_status = wait_for(victim);
}

/* Without a pid namespace nothing else ends what the attack has left. */
static void end_children(void) {
  for (bool any = true; any;) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", getpid(), getpid());
    if (read_text(AT_FDCWD, path, text, sizeof text)) text[0] = 0;
    for (char *at = text; *at; at += strcspn(at, " "), at += *at == ' ') kill(atoi(at), SIGKILL);
    any = waitpid(-1, NULL, 0) > 0;
  }
}

_Noreturn void outside_main(const struct scene *scene, const char *program, int result, int go) {
  struct told told = {0};
  char byte;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  outside_root(scene, program);
  copy_files(scene);
  run_parts(scene, &told);
  if (write(result, &told, sizeof told) != sizeof told) _exit(1);
  if (read(go, &byte, 1) != 0) _exit(1);
  if (scene->attack->outside.same_pids) end_children();
  _exit(0);
}
