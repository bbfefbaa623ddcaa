/*
 * While a box runs its supervisor sleeps in epoll. It wakes for output, for a refused system call,
 * for the client, for the end of init, and at two timers: the wall limit, and the earliest moment at
 * which the CPU limit could be reached (what is left, divided by the processors that the box can
 * use), which is then computed again. Nothing is polled at a fixed rate.
 */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define REFUSED_MAX 1000
#define SETUP_NS (10000 * MS)
#define CHECK_LEAST MS

static void set_timer(int timer, uint64_t at) {
  struct itimerspec when = {.it_value = {(time_t)(at / 1000000000), (long)(at % 1000000000)}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void clear_timer(int timer) {
  uint64_t old;
  struct itimerspec never = {0};
  timerfd_settime(timer, 0, &never, NULL);
  if (read(timer, &old, sizeof old) < 0 && errno != EAGAIN) warn("a timer can't be read: %s", strerror(errno));
}

uint64_t running_cpu(const struct running *running) {
  const struct slot *slot = running->slot;
  const struct box_area *area = slot->area;
  uint64_t all = slot_cgroup_cpu(&slot->cgroup), init = process_cpu(area->init);
  /* What init did while the program ran, burying its orphans, is the program's. */
  uint64_t orphans = area->init_before ? (area->init_after ? area->init_after : init) - area->init_before : 0;
  uint64_t setup = area->setup_cpu + init - orphans;
  if (slot->cgroup.residents) setup += process_cpu(slot->spawner.pid) - running->spawner_cpu;
  return all > setup ? all - setup : 0;
}

void running_stop(struct running *running, enum status cause) {
  if (running->dead) return;
  if (running->cause == STATUS_EXITED) running->cause = cause;
  kill_pidfd(running->init);
}

static void check_cpu(struct running *running) {
  const struct limits *limits = &running->request->limits;
  uint64_t used = running_cpu(running), left = used < limits->cpu ? limits->cpu - used : 0;
  if (left == 0) {
    running_stop(running, STATUS_CPU_LIMIT);
    return;
  }
  unsigned processors = running->slot->processors;
  if (processors > limits->processes) processors = limits->processes;
  uint64_t wait = left / processors > CHECK_LEAST ? left / processors : CHECK_LEAST;
  set_timer(running->slot->check_timer, now_ns() + wait);
}

static void check(struct running *running) {
  uint64_t times;
  if (read(running->slot->check_timer, &times, sizeof times) < 0) return;
  if (slot_cgroup_ooms(&running->slot->cgroup) > 0) running_stop(running, STATUS_MEMORY_LIMIT);
  else check_cpu(running);
}

static void on_oom(struct running *running) {
  uint64_t times;
  if (read(running->slot->cgroup.oom_event, &times, sizeof times) < 0) return;
  /* The event comes before the kill that it announces. */
  set_timer(running->slot->check_timer, now_ns() + CHECK_LEAST);
}

/* The program starts: its clocks run from the moment that it noted itself. */
static void on_start(struct running *running) {
  int listener = spawner_listener(&running->slot->spawner);
  if (listener < 0) return;
  running->listener = listener;
  slot_watch(running->slot, listener, ON_LISTENER);
  set_timer(running->slot->wall_timer, running->slot->area->exec_at + running->request->limits.wall);
  check_cpu(running);
}

static void on_wall(struct running *running) {
  clear_timer(running->slot->wall_timer);
  if (running->slot->area->exec_at) {
    running_stop(running, STATUS_WALL_LIMIT);
    return;
  }
  snprintf(running->message, sizeof running->message, "setting up the box took longer than 10 s");
  running_stop(running, STATUS_PLATFORM);
}

static void on_output(struct running *running, struct capture *capture) {
  if (!capture_read(capture)) close_fd(&capture->fd);
  if (running->request->stop_on_output && capture->total > capture->cap) running_stop(running, STATUS_OUTPUT_LIMIT);
}

/* Everything that had the filter is ending and writes no more. Its last words are read here and after
   the end of init, which follows at once; the ends of the streams need not wake anybody until then. */
static void on_last_exit(struct running *running) {
  struct slot *slot = running->slot;
  struct capture *captures[] = {&slot->out, &slot->err};
  close_fd(&running->listener);
  for (unsigned i = 0; i < COUNT_OF(captures); i++) {
    if (captures[i]->fd < 0) continue;
    epoll_ctl(slot->epoll, EPOLL_CTL_DEL, captures[i]->fd, NULL);
    on_output(running, captures[i]);
  }
}

static void on_refused(struct running *running, uint32_t events) {
  if (events & EPOLLIN) seccomp_refuse_next(running->listener, &running->refused);
  else on_last_exit(running);
  if (running->refused.total > REFUSED_MAX) running_stop(running, STATUS_REFUSED_SYSCALL);
}

static void on_client(struct running *running) {
  struct slot *slot = running->slot;
  enum inbox_state state = inbox_receive(&slot->inbox, slot->client, MSG_DONTWAIT);
  if (state == INBOX_WAIT) return;
  if (state == INBOX_FRAME) {
    struct reader frame = {slot->inbox.data, slot->inbox.data + slot->inbox.size, false};
    uint64_t type = read_uint(&frame, 1);
    uint32_t id = (uint32_t)read_uint(&frame, 4);
    bool cancel = type == FRAME_CANCEL && !frame.bad && frame.at == frame.end;
    struct refusal busy;
    refuse(&busy, ERROR_BUSY, "a run is in flight on this connection");
    if (cancel && id == running->request->id) running_stop(running, STATUS_CANCELLED);
    if (cancel || send_error(slot->client, type == FRAME_RUN ? id : 0, &busy)) {
      inbox_next(&slot->inbox);
      return;
    }
  }
  /* Gone, or speaking something else: a box never outlives whoever asked for it. */
  running->client_gone = true;
  epoll_ctl(slot->epoll, EPOLL_CTL_DEL, slot->client, NULL);
  running_stop(running, STATUS_CANCELLED);
}

static void on_end(struct running *running) {
  siginfo_t info = {0};
  running->died_at = now_ns();
  /* Before it is reaped, because its CPU clock ends with it. */
  running->cpu = running_cpu(running);
  while (syscall(SYS_waitid, P_PIDFD, running->init, &info, WEXITED, &running->resources) && errno == EINTR) continue;
  running->init_status = info.si_code == CLD_EXITED ? 0 : info.si_status;
  running->dead = true;
}

static void handle(struct running *running, enum source source, uint32_t events) {
  struct slot *slot = running->slot;
  switch (source) {
    case ON_CLIENT: on_client(running); break;
    case ON_NOTIFY: on_start(running); break;
    case ON_WALL: on_wall(running); break;
    case ON_CHECK: check(running); break;
    case ON_OOM: on_oom(running); break;
    case ON_INIT: on_end(running); break;
    case ON_OUT: on_output(running, &slot->out); break;
    case ON_ERR: on_output(running, &slot->err); break;
    case ON_LISTENER: on_refused(running, events); break;
  }
}

void running_watch(struct running *running) {
  struct slot *slot = running->slot;
  slot_watch(slot, running->init, ON_INIT);
  slot_watch(slot, slot->out.fd, ON_OUT);
  slot_watch(slot, slot->err.fd, ON_ERR);
  slot_watch(slot, slot->client, ON_CLIENT);
  set_timer(slot->wall_timer, now_ns() + SETUP_NS);
  while (!running->dead) {
    struct epoll_event events[8];
    int count = epoll_wait(slot->epoll, events, COUNT_OF(events), -1);
    for (int i = 0; i < count && !running->dead; i++) {
      enum source source = (enum source)events[i].data.u32;
      /* A descriptor that an earlier event of this round has closed. */
      if (source == ON_LISTENER && running->listener < 0) continue;
      if (source == ON_OUT && slot->out.fd < 0) continue;
      if (source == ON_ERR && slot->err.fd < 0) continue;
      handle(running, source, events[i].events);
    }
  }
  clear_timer(slot->wall_timer);
  clear_timer(slot->check_timer);
  if (!running->client_gone) epoll_ctl(slot->epoll, EPOLL_CTL_DEL, slot->client, NULL);
  if (running->listener < 0) running->listener = spawner_listener(&slot->spawner);
  close_fd(&running->listener);
  capture_finish(&slot->out);
  capture_finish(&slot->err);
  slot_cgroup_measure(&slot->cgroup, &running->usage);
}
