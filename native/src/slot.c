/* One slot: a supervisor process that serves one client at a time, one run at a time. */
#include "sandboxd.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>

bool slot_watch(const struct slot *slot, int fd, unsigned source, unsigned events) {
  struct epoll_event event = {.events = events, .data.u32 = source};
  return !epoll_ctl(slot->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* What every box inherits: default signals, no way to gain capabilities, not dumpable. */
static const char *give_up_powers(void) {
  /* Raw, because the C library keeps two signals to itself, which a parent may have ignored. */
  static const uint64_t defaults[4];
  for (int signal = 1; signal < NSIG; signal++) syscall(SYS_rt_sigaction, signal, defaults, NULL, 8);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  umask(022);
  if (drop_bounding_set()) return "the bounding set";
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data)) return "capget";
  data[0].inheritable = data[1].inheritable = 0;
  if (syscall(SYS_capset, &header, data)) return "capset";
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? "PR_SET_DUMPABLE" : NULL;
}

uint64_t slot_count_sockets(const struct slot *slot) {
  return read_number(slot->machine[M_SOCKETS], "sockets: used");
}

const char *slot_enter_network(struct slot *slot) {
  if (unshare(CLONE_NEWNET)) return "a network namespace";
  close_fd(&slot->machine[M_SOCKETS]);
  slot->machine[M_SOCKETS] = openat(slot->network, "sockstat", O_RDONLY | O_CLOEXEC);
  return slot->machine[M_SOCKETS] < 0 ? "the count of its sockets" : NULL;
}

const char *slot_start_spawner(struct slot *slot) {
  spawner_stop(&slot->spawner);
  const char *failed = spawner_start(&slot->spawner, slot->area, &slot->cgroup, slot->daemon->privileged);
  if (!failed) {
    slot_watch(slot, slot->spawner.notify, ON_NOTIFY, EPOLLIN);
    return NULL;
  }
  int error = errno;
  spawner_stop(&slot->spawner);
  errno = error;
  return failed;
}

bool slot_flush(struct slot *slot, bool watched) {
  struct writer *outbox = &slot->outbox;
  ssize_t sent = outbox->size ? send(slot->client, outbox->data, outbox->size, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
  if (outbox->bad || (sent < 0 && errno != EAGAIN && errno != EINTR)) return false;
  if (sent > 0) {
    memmove(outbox->data, outbox->data + sent, outbox->size - (size_t)sent);
    outbox->size -= (size_t)sent;
  }
  if (!outbox->size) writer_reset(outbox);
  if (watched) {
    struct epoll_event event = {.events = EPOLLIN | (outbox->size ? EPOLLOUT : 0), .data.u32 = ON_CLIENT};
    epoll_ctl(slot->epoll, EPOLL_CTL_MOD, slot->client, &event);
  }
  return true;
}

static bool flush_all(struct slot *slot) {
  bool sent = !slot->outbox.bad && send_all(slot->client, slot->outbox.data, slot->outbox.size, now_ns() + SEND_NS);
  writer_reset(&slot->outbox);
  return sent;
}

/* What is read of the host is opened before its root is left. */
static bool open_files(struct slot *slot) {
  slot->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  slot->network = openat(slot->proc, "self/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  slot->machine[M_PRESSURE] = openat(slot->proc, "pressure/cpu", O_RDONLY | O_CLOEXEC);
  slot->machine[M_STAT] = openat(slot->proc, "stat", O_RDONLY | O_CLOEXEC);
  slot->machine[M_LOAD] = openat(slot->proc, "loadavg", O_RDONLY | O_CLOEXEC);
  return slot->network >= 0;
}

static const char *set_up(struct slot *slot) {
  const char *failed;
  const struct daemon *daemon = slot->daemon;
  if (!daemon->privileged && (failed = enter_user_namespace())) return failed;
  if (!open_files(slot)) return "/proc/self/net";
  if ((failed = slot_enter_network(slot))) return failed;
  if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC)) return "namespaces";
  if (sethostname("box", 3) || setdomainname("", 0)) return "the host name";
  if ((failed = mounts_of_slot(daemon->images, daemon->privileged)) || (failed = give_up_powers())) return failed;
  /* A program may go while we write to it; the spawner gives its boxes the default again. */
  signal(SIGPIPE, SIG_IGN);
  /* A box that uses every processor must not keep its own supervisor from stopping it in time. */
  setpriority(PRIO_PROCESS, 0, -10);
  slot->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  slot->area = box_area_make();
  slot->epoll = epoll_create1(EPOLL_CLOEXEC);
  slot->wall_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  slot->check_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (slot->null < 0 || !slot->area || slot->epoll < 0 || slot->wall_timer < 0 || slot->check_timer < 0) return "descriptors";
  slot_watch(slot, slot->wall_timer, ON_WALL, EPOLLIN);
  slot_watch(slot, slot->check_timer, ON_CHECK, EPOLLIN);
  if ((failed = slot_cgroup_open(&slot->cgroup, &daemon->cgroups, slot->number))) return failed;
  if (slot->cgroup.oom_event >= 0) slot_watch(slot, slot->cgroup.oom_event, ON_OOM, EPOLLIN);
  seccomp_compile();
  if ((failed = slot_start_spawner(slot))) return failed;
  slot->sockets = slot_count_sockets(slot);
  return slot->sockets > 0 ? slot_warm(slot) : "the number of sockets";
}

static bool greet(struct slot *slot, struct reader frame, struct refusal *refusal) {
  const struct daemon *daemon = slot->daemon;
  uint64_t version = read_uint(&frame, 2);
  if (frame.bad || frame.at != frame.end) return refuse(refusal, ERROR_MALFORMED, "a hello is one version number");
  if (version != WIRE_VERSION) return refuse(refusal, ERROR_VERSION, "this sandboxd speaks version %d", WIRE_VERSION);
  size_t begin = frame_begin(&slot->outbox, FRAME_HELLO_REPLY);
  put_uint(&slot->outbox, 2, WIRE_VERSION);
  put_uint(&slot->outbox, 2, slot->number);
  put_uint(&slot->outbox, 2, daemon->slots);
  put_uint(&slot->outbox, 4, daemon->isolation);
  put_uint(&slot->outbox, 4, slot->first_uid);
  put_text(&slot->outbox, daemon->instance);
  put_text(&slot->outbox, daemon->kernel);
  frame_end(&slot->outbox, begin);
  return true;
}

static bool forget(struct slot *slot, struct reader frame, struct refusal *refusal) {
  struct view id = read_view(&frame, 0);
  if (frame.bad || frame.at != frame.end) return refuse(refusal, ERROR_MALFORMED, "a forget is one artifact");
  size_t begin = frame_begin(&slot->outbox, FRAME_FORGOTTEN);
  put_uint(&slot->outbox, 4, forget_artifacts(slot->daemon->artifacts, id.data));
  frame_end(&slot->outbox, begin);
  return true;
}

/* False when the connection must be closed, after what waits was sent. */
static bool handle(struct slot *slot, struct reader frame, bool *greeted) {
  struct run_request request;
  struct refusal refusal = {0};
  uint64_t type = read_uint(&frame, 1);
  size_t size = (size_t)(frame.end - frame.at);
  request.id = 0;
  if (type == FRAME_HELLO && greet(slot, frame, &refusal)) return *greeted = true;
  if (type == FRAME_RUN && *greeted) {
    uint64_t received_at = now_ns();
    if (parse_run((struct view){frame.at, size}, &request, &refusal)) return run_perform(slot, &request, received_at);
  } else if (type == FRAME_FORGET && *greeted) {
    if (forget(slot, frame, &refusal)) return true;
  } else if (type == FRAME_CANCEL && *greeted && size == 4) {
    return true;
  } else if (type >= FRAME_INPUT && type <= FRAME_GO && *greeted && size >= 4) {
    return true;
  } else if (!refusal.code) {
    if (!*greeted) refuse(&refusal, ERROR_MALFORMED, "the first message must be a hello");
    else refuse(&refusal, ERROR_MALFORMED, "message type %u with %zu bytes", (unsigned)type, size);
  }
  put_error(&slot->outbox, request.id, &refusal);
  return refusal.code != ERROR_MALFORMED && refusal.code != ERROR_VERSION;
}

/* The frame's memory belongs to this request, so that the inbox can receive what comes meanwhile. */
static bool handle_frame(struct slot *slot, bool *greeted) {
  struct inbox whole = slot->inbox;
  slot->inbox = (struct inbox){0};
  bool goes_on = handle(slot, (struct reader){whole.data, whole.data + whole.size, false}, greeted);
  goes_on &= flush_all(slot);
  if (slot->inbox.room == 0 && goes_on) {
    inbox_next(&whole);
    slot->inbox = whole;
  } else {
    free(whole.data);
  }
  return goes_on;
}

static void serve(struct slot *slot) {
  bool greeted = false;
  enum inbox_state state;
  while ((state = inbox_receive(&slot->inbox, slot->client, 0)) == INBOX_FRAME)
    if (!handle_frame(slot, &greeted)) break;
  struct refusal refusal;
  if (state == INBOX_MALFORMED) refuse(&refusal, ERROR_MALFORMED, "a frame is empty");
  if (state == INBOX_TOO_LARGE) refuse(&refusal, ERROR_TOO_LARGE, "a frame is at most %llu bytes", (unsigned long long)FRAME_MAX);
  if (state == INBOX_MALFORMED || state == INBOX_TOO_LARGE) put_error(&slot->outbox, 0, &refusal);
  flush_all(slot);
  free(slot->inbox.data);
  slot->inbox = (struct inbox){0};
}

static bool may_connect(const struct slot *slot, int client) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size)) return false;
  /* In a user namespace our own uid is 0. */
  if (peer.uid == slot->daemon->client_uid || peer.uid == 0) return true;
  warn("slot %u refused a client of uid %u", slot->number, peer.uid);
  return false;
}

_Noreturn void slot_main(const struct daemon *daemon, unsigned number, int listener, int broker, int ready, pid_t parent) {
  static struct slot slot;
  slot = (struct slot){.daemon = daemon, .number = number, .client = -1, .broker = broker, .machine = {-1, -1, -1, -1}};
  slot.first_uid = daemon->privileged ? daemon->uid_base + number * SLOT_UIDS : geteuid();
  slot.spawner = no_spawner;
  slot.box = slot.last = no_box;
  slot.wish = (struct wish){.disk = 16 * MIB, .inodes = 4096};
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  slot.processors = processors > 0 ? (unsigned)processors : 1;
  for (unsigned i = 0; i < FDS_MAX; i++) slot.streams[i].ours = slot.streams[i].onward = -1;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const char *failed = set_up(&slot);
  if (failed) fail(3, "slot %u can't be set up: %s: %s", number, failed, strerror(errno));
  if (ready >= 0 && write(ready, "", 1) != 1) _exit(1);
  close_fd(&ready);
  for (;;) {
    slot.client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (slot.client < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      fail(3, "slot %u can't accept clients: %s", number, strerror(errno));
    }
    if (may_connect(&slot, slot.client)) serve(&slot);
    close_fd(&slot.client);
  }
}
