/*
 * While a box runs its supervisor sleeps in epoll. It wakes for output, for a refused system call, for the client,
 * for the end of init, for what the cgroups tell, and at two timers: the wall limit, and the earliest moment at which
 * another limit could be reached. For CPU time that is what is left, divided by the processors that the box can use.
 * Nothing is polled at a fixed rate but an idle limit, in eighths, a box without cgroups, and the process limit of v1, of
 * which newer kernels tell nobody.
 */
#include "sandboxd.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#define REFUSED_MAX 1000
#define SETUP_NS (10 * SECOND)
#define CHECK_LEAST MS
#define CENSUS_NS (10 * MS)
/* CPU time below which a program counts as idle. */
#define IDLE_NOISE (MS / 5)
/* All windows of a run and the answers to some thousand messages. */
#define OUTBOX_MAX (8 * MIB)
/* Younger than some C library's headers. */
#ifndef PIDFD_GET_MNT_NAMESPACE
#define PIDFD_GET_MNT_NAMESPACE _IO(0xFF, 3)
#endif
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP 4
#endif

static void set_timer(int timer, uint64_t at) {
  struct itimerspec when = {.it_value = {(time_t)(at / SECOND), (long)(at % SECOND)}};
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
  /* In this order: looking at the clock of a process brings its cgroup's account up to date. */
  uint64_t init = process_cpu(area->init), since = running->init_cpu;
  /* What init did while the program ran, burying its orphans, is the program's. */
  uint64_t from = area->init_before > since ? area->init_before : since, until = area->init_after ? area->init_after : init;
  uint64_t setup = area->setup_cpu - running->program_cpu + init - since - (area->init_before ? until - from : 0);
  if (slot->cgroup.residents) setup += process_cpu(slot->spawner.pid) - running->spawner_cpu;
  uint64_t all = slot_cgroup_cpu(&slot->cgroup);
  return all > setup ? all - setup : 0;
}

static bool watched(const struct running *running) {
  return running->slot->daemon->isolation & ISOLATION_WATCHED;
}

void running_stop(struct running *running, enum status cause) {
  if (running->over) return;
  if (running->cause == STATUS_EXITED) {
    running->cause = cause;
    /* Init is killed and waits for nobody: what the kernel counted of the others goes with them. */
    struct census census = {0};
    if (running->started) census = switches_of(running->slot, running->slot->area->init);
    running->voluntary = census.voluntary;
    running->involuntary = census.involuntary;
  }
  if (running->started) kill_pidfd(running->box.init);
}

/* Without cgroups. */
static void look_at_processes(struct running *running) {
  const struct limits *limits = &running->request->limits;
  struct census census = census_of(running->slot, running->slot->area->init);
  if (census.cpu > running->cpu) running->cpu = census.cpu;
  if (census.memory > running->watched_memory) running->watched_memory = census.memory;
  if (census.processes > running->watched_processes) running->watched_processes = census.processes;
  if (census.memory > limits->memory) running_stop(running, STATUS_MEMORY_LIMIT);
  if (running->cpu >= limits->cpu) running_stop(running, STATUS_CPU_LIMIT);
}

/*
 * How long until the idle limit can be reached; stops the program when it is. The machine may be so busy that a program
 * which is ready, or waits for a disk, uses no time for long: it is no more idle than one that computes.
 */
static uint64_t check_idle(struct running *running, uint64_t used, uint64_t now) {
  uint64_t limit = running->request->limits.idle;
  if (used > running->idle_cpu + IDLE_NOISE) {
    running->idle_cpu = used;
    running->idle_since = now;
  } else if (now > running->idle_since && box_is_held_up(running->slot, running->slot->area->init)) {
    running->idle_since = now;
  }
  if (now - running->idle_since >= limit) running_stop(running, STATUS_IDLE_LIMIT);
  uint64_t left = running->idle_since + limit - now;
  return left > limit / 8 ? limit / 8 : left;
}

/* Before v1 tells of forks that failed, they are looked for. */
static bool is_silent(const struct running *running) {
  return running->request->limits.stop_at_processes && running->slot->cgroup.all->version == 1;
}

static void on_pids(struct running *running) {
  if (slot_cgroup_hits(&running->slot->cgroup) > 0) running_stop(running, STATUS_PROCESS_LIMIT);
}

/* The next look, at the earliest moment at which a limit can be reached after so much was used. */
static void plan_check(struct running *running, uint64_t used, uint64_t now) {
  const struct slot *slot = running->slot;
  const struct limits *limits = &running->request->limits;
  uint64_t processors = slot->processors < limits->processes ? slot->processors : limits->processes;
  uint64_t wait = (limits->cpu - used) / processors;
  if (limits->idle) {
    uint64_t idle = check_idle(running, used, now);
    if (idle < wait) wait = idle;
  }
  if ((watched(running) || is_silent(running)) && wait > CENSUS_NS) wait = CENSUS_NS;
  set_timer(slot->check_timer, now + (wait > CHECK_LEAST ? wait : CHECK_LEAST));
}

static void check(struct running *running) {
  const struct slot *slot = running->slot;
  uint64_t limit = running->request->limits.cpu, now = now_ns();
  if (watched(running)) look_at_processes(running);
  else if (slot_cgroup_ooms(&slot->cgroup) > 0) running_stop(running, STATUS_MEMORY_LIMIT);
  /* What was used before exec is known with it. */
  uint64_t used = watched(running) ? running->cpu : slot->area->exec_at ? running_cpu(running) : 0;
  /* Nobody is idle before exec: a busy machine may take long to come to it. */
  if (!slot->area->exec_at) running->idle_since = now;
  else if (running->idle_since < slot->area->exec_at) running->idle_since = slot->area->exec_at;
  if (used >= limit) running_stop(running, STATUS_CPU_LIMIT);
  if (running->cause != STATUS_EXITED) return;
  if (is_silent(running)) on_pids(running);
  plan_check(running, used, now);
}

static void on_check(struct running *running) {
  uint64_t times;
  if (read(running->slot->check_timer, &times, sizeof times) == sizeof times) check(running);
}

static void on_oom(struct running *running) {
  uint64_t times;
  if (read(running->slot->cgroup.oom_event, &times, sizeof times) < 0) return;
  /* The event comes before the kill that it announces. */
  set_timer(running->slot->check_timer, now_ns() + CHECK_LEAST);
}

/* When the wall limit can be reached, or setting up has taken too long; the program notes when it starts. */
static void plan_wall(const struct running *running, uint64_t now) {
  uint64_t wall = running->request->limits.wall, began = running->slot->area->exec_at, latest = running->started_at + SETUP_NS;
  uint64_t next = began ? began + wall : now + wall < latest ? now + wall : latest;
  set_timer(running->slot->wall_timer, next > now ? next : now);
}

static void on_wall(struct running *running) {
  uint64_t began = running->slot->area->exec_at, now = now_ns();
  clear_timer(running->slot->wall_timer);
  if (now < (began ? began + running->request->limits.wall : running->started_at + SETUP_NS)) {
    plan_wall(running, now);
  } else if (began) {
    running_stop(running, STATUS_WALL_LIMIT);
  } else {
    snprintf(running->message, sizeof running->message, "setting up the box took longer than 10 s");
    running_stop(running, STATUS_PLATFORM);
  }
}

static void on_refused(struct running *running, uint32_t events) {
  if (events & EPOLLIN) {
    seccomp_refuse_next(running->box.listener, &running->refused);
  } else {
    /* Everything that had the filter is ending and writes no more; the end of init follows at once. */
    close_fd(&running->box.listener);
    streams_last_words(running);
    running->after = interference_now(running->slot, true);
  }
  if (running->refused.total > REFUSED_MAX) running_stop(running, STATUS_REFUSED_SYSCALL);
}

static void send_signal(const struct running *running, int signal) {
  /* Before it is started it is still ours. */
  if (!running->started) return;
  /* The group since Linux 6.9, before it the program alone. */
  if (syscall(SYS_pidfd_send_signal, running->box.program, signal, NULL, PIDFD_SIGNAL_PROCESS_GROUP) && errno == EINVAL)
    syscall(SYS_pidfd_send_signal, running->box.program, signal, NULL, 0);
}

bool running_frame(struct running *running, struct reader frame) {
  struct slot *slot = running->slot;
  struct refusal refusal;
  uint64_t type = read_uint(&frame, 1), id = read_uint(&frame, 4);
  bool crossed = id != running->request->id, known = type == FRAME_CANCEL || (type >= FRAME_INPUT && type <= FRAME_GO);
  bool empty = frame.at == frame.end;
  if (!known || frame.bad) {
    refuse(&refusal, ERROR_BUSY, "a run is in flight on this connection");
    put_error(&slot->outbox, type == FRAME_RUN ? (uint32_t)id : 0, &refusal);
    return slot->outbox.size < OUTBOX_MAX;
  }
  if (crossed) return true;
  if (type == FRAME_CANCEL && empty) running_stop(running, STATUS_CANCELLED);
  else if (type == FRAME_SIGNAL && frame.end - frame.at == 1) send_signal(running, *frame.at);
  else if ((type == FRAME_GO && empty) || (type != FRAME_CANCEL && type != FRAME_SIGNAL && stream_frame(running, (enum frame_type)type, &frame)))
    return slot->outbox.size < OUTBOX_MAX;
  else {
    refuse(&refusal, ERROR_MALFORMED, "message type %u does not fit the run", (unsigned)type);
    put_error(&slot->outbox, running->request->id, &refusal);
    slot_flush(slot, false);
    return false;
  }
  return true;
}

static void on_client(struct running *running, uint32_t events) {
  struct slot *slot = running->slot;
  enum inbox_state state = events & ~(unsigned)EPOLLOUT ? inbox_receive(&slot->inbox, slot->client, MSG_DONTWAIT) : INBOX_WAIT;
  if (state == INBOX_WAIT) return;
  if (state == INBOX_FRAME && running_frame(running, (struct reader){slot->inbox.data, slot->inbox.data + slot->inbox.size, false})) {
    inbox_next(&slot->inbox);
    return;
  }
  /* Gone, or speaking something else: a box never outlives whoever asked for it. */
  running->client_gone = true;
  epoll_ctl(slot->epoll, EPOLL_CTL_DEL, slot->client, NULL);
  running_stop(running, STATUS_CANCELLED);
}

static void end(struct running *running) {
  running->died_at = now_ns();
  if (!running->after.read) running->after = interference_now(running->slot, true);
  /* Before init is reaped, because its CPU clock ends with it. */
  if (!watched(running)) running->cpu = running_cpu(running);
  running->over = true;
}

/* Init waits for its end, and is all that there is of the box. */
static void on_notify(struct running *running) {
  if (receive_descriptors(running->slot->spawner.notify, NULL, 0, NULL, MSG_DONTWAIT) < 0) return;
  end(running);
  running->resources = running->slot->area->resources;
}

static void on_init(struct running *running) {
  siginfo_t info = {0};
  end(running);
  while (syscall(SYS_waitid, P_PIDFD, running->box.init, &info, WEXITED, &running->resources) && errno == EINTR) continue;
  running->init_status = info.si_code == CLD_EXITED ? 0 : info.si_status;
  running->dead = true;
}

static void handle(struct running *running, unsigned source, uint32_t events) {
  switch (source) {
    case ON_CLIENT: on_client(running, events); break;
    case ON_NOTIFY: on_notify(running); break;
    case ON_WALL: on_wall(running); break;
    case ON_CHECK: on_check(running); break;
    case ON_OOM: on_oom(running); break;
    case ON_PIDS: on_pids(running); break;
    case ON_INIT: on_init(running); break;
    /* An earlier event of this round may have closed it. */
    case ON_LISTENER: if (running->box.listener >= 0) on_refused(running, events); break;
    default: stream_event(running, source);
  }
}

static uint64_t used_bytes(int mount) {
  struct statfs space;
  if (mount < 0 || fstatfs(mount, &space)) return 0;
  return (uint64_t)(space.f_blocks - space.f_bfree) * (uint64_t)space.f_bsize;
}

/* All of it while the program starts; a program that is faster is seen to have ended afterwards. */
static void begin_watch(struct running *running) {
  struct slot *slot = running->slot;
  uint64_t now = now_ns();
  slot_watch(slot, running->box.init, ON_INIT, EPOLLIN);
  slot_watch(slot, running->box.listener, ON_LISTENER, EPOLLIN);
  slot_watch(slot, slot->client, ON_CLIENT, EPOLLIN);
  if (running->request->limits.stop_at_processes && slot->cgroup.files[F_PIDS_EVENTS] >= 0)
    slot_watch(slot, slot->cgroup.files[F_PIDS_EVENTS], ON_PIDS, EPOLLPRI);
  streams_watch(running);
  running->idle_since = now;
  plan_wall(running, now);
  plan_check(running, 0, now);
  running->before = interference_now(slot, false);
  /* While this is open the box's mounts outlive the box: otherwise the kernel takes them apart between the end of init
     and the answer. -1 before Linux 6.11, where the answer waits for that. */
  running->box.namespace = ioctl(running->box.init, PIDFD_GET_MNT_NAMESPACE, 0);
}

void running_watch(struct running *running) {
  struct slot *slot = running->slot;
  begin_watch(running);
  while (!running->over) {
    struct epoll_event events[8];
    int count = epoll_wait(slot->epoll, events, COUNT_OF(events), -1);
    for (int i = 0; i < count && !running->over; i++) handle(running, events[i].data.u32, events[i].events);
    if (slot->outbox.size && !running->client_gone) slot_flush(slot, true);
  }
  close_fd(&running->box.listener);
  streams_finish(running);
  running->file_bytes = used_bytes(running->box.work) + used_bytes(running->box.temporary);
  slot_cgroup_measure(&slot->cgroup, &running->usage);
}

void running_unwatch(const struct running *running) {
  const struct slot *slot = running->slot;
  clear_timer(slot->wall_timer);
  clear_timer(slot->check_timer);
  epoll_ctl(slot->epoll, EPOLL_CTL_DEL, running->box.init, NULL);
  if (!running->client_gone) epoll_ctl(slot->epoll, EPOLL_CTL_DEL, slot->client, NULL);
  if (running->request->limits.stop_at_processes) epoll_ctl(slot->epoll, EPOLL_CTL_DEL, slot->cgroup.files[F_PIDS_EVENTS], NULL);
}
