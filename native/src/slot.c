#define _GNU_SOURCE
#include "slot.h"

#include "files.h"
#include "mounts.h"
#include "seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

bool slot_watch(const struct slot *slot, int fd, enum source source) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};
  return !epoll_ctl(slot->epoll, EPOLL_CTL_ADD, fd, &event);
}

const char *slot_spawner(struct slot *slot) {
  if (spawner_lives(&slot->spawner)) return NULL;
  spawner_stop(&slot->spawner);
  const char *failed = spawner_start(&slot->spawner, slot->area, &slot->cgroup);
  if (failed) {
    int error = errno;
    spawner_stop(&slot->spawner);
    errno = error;
    return failed;
  }
  slot_watch(slot, slot->spawner.notify, ON_NOTIFY);
  return NULL;
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
  for (int capability = 0; capability <= 63; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0) return "the bounding set";
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)) return "ambient capabilities";
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data)) return "capget";
  data[0].inheritable = data[1].inheritable = 0;
  if (syscall(SYS_capset, &header, data)) return "capset";
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? "PR_SET_DUMPABLE" : NULL;
}

static uint64_t count_sockets(const struct slot *slot) {
  return read_number(slot->sockstat, "sockets: used");
}

static const char *enter_network(struct slot *slot) {
  if (unshare(CLONE_NEWNET)) return "a network namespace";
  close_fd(&slot->sockstat);
  slot->sockstat = openat(slot->network, "sockstat", O_RDONLY | O_CLOEXEC);
  return slot->sockstat < 0 ? "the count of its sockets" : NULL;
}

/* The network namespace has no interface that is up, and boxes inherit it: making one per run costs
   more than everything else of a run together. All that a box can leave in it are unix sockets that
   were on their way through each other when it died: the kernel collects those later, and until then
   the next box could connect to their abstract names. Then it gets a namespace of its own. */
const char *slot_network(struct slot *slot) {
  if (count_sockets(slot) == slot->sockets) return NULL;
  spawner_stop(&slot->spawner);
  const char *failed = enter_network(slot);
  return failed ? failed : slot_spawner(slot);
}

static const char *set_up(struct slot *slot) {
  const char *failed;
  slot->network = open("/proc/self/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (slot->network < 0) return "/proc/self/net";
  if ((failed = enter_network(slot))) return failed;
  if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC)) return "namespaces";
  if (sethostname("box", 3) || setdomainname("", 0)) return "the host name";
  if ((failed = mounts_of_slot(slot->daemon->images)) || (failed = give_up_powers())) return failed;
  /* A box that uses every processor must not keep its own supervisor from stopping it in time. */
  setpriority(PRIO_PROCESS, 0, -10);
  slot->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  slot->area = box_area_make();
  slot->epoll = epoll_create1(EPOLL_CLOEXEC);
  slot->wall_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  slot->check_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (slot->null < 0 || !slot->area || slot->epoll < 0 || slot->wall_timer < 0 || slot->check_timer < 0)
    return "descriptors";
  slot_watch(slot, slot->wall_timer, ON_WALL);
  slot_watch(slot, slot->check_timer, ON_CHECK);
  if ((failed = slot_cgroup_open(&slot->cgroup, &slot->daemon->cgroups, slot->number))) return failed;
  if (slot->cgroup.oom_event >= 0) slot_watch(slot, slot->cgroup.oom_event, ON_OOM);
  seccomp_compile();
  if ((failed = slot_spawner(slot))) return failed;
  slot->sockets = count_sockets(slot);
  return slot->sockets > 0 ? NULL : "the number of sockets";
}

static bool greet(struct slot *slot, struct reader frame) {
  const struct daemon *daemon = slot->daemon;
  struct refusal refusal;
  uint64_t version = read_uint(&frame, 2);
  if (frame.bad || frame.at != frame.end) {
    refuse(&refusal, ERROR_MALFORMED, "a hello is one version number");
    send_error(slot->client, 0, &refusal);
    return false;
  }
  if (version != WIRE_VERSION) {
    refuse(&refusal, ERROR_VERSION, "this sandboxd speaks version %d", WIRE_VERSION);
    send_error(slot->client, 0, &refusal);
    return false;
  }
  struct writer reply = {0};
  put_uint(&reply, 2, WIRE_VERSION);
  put_uint(&reply, 2, slot->number);
  put_uint(&reply, 2, daemon->slots);
  put_uint(&reply, 4, daemon->isolation);
  put_uint(&reply, 4, slot->uid);
  put_text(&reply, daemon->instance);
  put_text(&reply, daemon->kernel);
  bool sent = send_frame(slot->client, FRAME_HELLO_REPLY, &reply);
  free(reply.data);
  return sent;
}

static bool forget(struct slot *slot, struct reader frame) {
  struct view id = read_view(&frame, 0);
  if (frame.bad || frame.at != frame.end) {
    struct refusal refusal;
    refuse(&refusal, ERROR_MALFORMED, "a forget is one artifact");
    send_error(slot->client, 0, &refusal);
    return false;
  }
  struct writer reply = {0};
  put_uint(&reply, 4, forget_artifacts(slot->daemon->artifacts, id.data));
  bool sent = send_frame(slot->client, FRAME_FORGOTTEN, &reply);
  free(reply.data);
  return sent;
}

static bool run(struct slot *slot, struct view payload) {
  struct run_request request;
  struct refusal refusal;
  uint64_t received_at = now_ns();
  if (parse_run(payload, &request, &refusal)) return run_perform(slot, &request, received_at);
  return send_error(slot->client, request.id, &refusal) && refusal.code != ERROR_MALFORMED;
}

/* The frame's memory belongs to this request, so that the inbox can receive what comes meanwhile. */
static bool handle_frame(struct slot *slot, bool *greeted) {
  struct inbox whole = slot->inbox;
  slot->inbox = (struct inbox){0};
  struct reader frame = {whole.data, whole.data + whole.size, false};
  uint64_t type = read_uint(&frame, 1);
  struct refusal refusal;
  bool goes_on = false;
  if (type == FRAME_HELLO) {
    goes_on = *greeted = greet(slot, frame);
  } else if (!*greeted) {
    refuse(&refusal, ERROR_MALFORMED, "the first message must be a hello");
    send_error(slot->client, 0, &refusal);
  } else if (type == FRAME_RUN) {
    goes_on = run(slot, (struct view){frame.at, (size_t)(frame.end - frame.at)});
  } else if (type == FRAME_FORGET) {
    goes_on = forget(slot, frame);
  } else if (type == FRAME_CANCEL && frame.end - frame.at == 4) {
    goes_on = true;
  } else {
    refuse(&refusal, ERROR_MALFORMED, "message type %u with %zu bytes", (unsigned)type, whole.size - 1);
    send_error(slot->client, 0, &refusal);
  }
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
  for (;;) {
    enum inbox_state state = inbox_receive(&slot->inbox, slot->client, 0);
    if (state == INBOX_FRAME) {
      if (handle_frame(slot, &greeted)) continue;
      break;
    }
    struct refusal refusal;
    if (state == INBOX_MALFORMED) refuse(&refusal, ERROR_MALFORMED, "a frame is empty");
    if (state == INBOX_TOO_LARGE)
      refuse(&refusal, ERROR_TOO_LARGE, "a frame is at most %llu bytes", (unsigned long long)FRAME_MAX);
    if (state != INBOX_CLOSED) send_error(slot->client, 0, &refusal);
    break;
  }
  free(slot->inbox.data);
  slot->inbox = (struct inbox){0};
}

static bool may_connect(const struct slot *slot, int client) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size)) return false;
  if (peer.uid == slot->daemon->client_uid || peer.uid == 0) return true;
  warn("slot %u refused a client of uid %u", slot->number, peer.uid);
  return false;
}

_Noreturn void slot_main(const struct daemon *daemon, unsigned number, int listener, int ready, pid_t parent) {
  struct slot slot = {.daemon = daemon,
                      .number = number,
                      .uid = daemon->uid_base + number,
                      .client = -1,
                      .sockstat = -1,
                      .spawner = {-1, -1, -1, -1, -1},
                      .out.fd = -1,
                      .err.fd = -1};
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  slot.processors = processors > 0 ? (unsigned)processors : 1;
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
