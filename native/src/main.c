/*
 * sandboxd runs programs that nobody trusts. It is the only part of Assay with privilege.
 *
 * Theory of operation
 *
 *   main (root) ─┬─ supervisor of slot 0 ─┬─ spawner, small, clones boxes (v1: lives in their cgroups)
 *                │                        └─ init of the next or current box (pid 1 of its namespace)
 *                │                              └─ the program, its uid, and whatever it starts
 *                └─ supervisor of slot 1 …
 *
 * main takes the state directory, removes what an earlier instance left, makes one listening socket and one
 * supervisor per slot, and starts a supervisor that died again. A supervisor (slot.c) serves one client at a time, one
 * run at a time, in the order of PROTOCOL.md:
 *
 *   1. ahead of any request the spawner clones a box's init in fresh mount, pid, ipc, uts and cgroup namespaces
 *      (spawner.c), which makes its /proc and starts the program's process; that one goes under no_new_privs and an
 *      allow-list of system calls (seccomp.c) and waits (box.c). Two size-limited tmpfs are made: /w and /tmp. When an
 *      image repeats, it is mounted too (2), so that nothing but the program's start is left (ahead.c);
 *   2. init mounts the image read-only, /w, /tmp, /dev and /proc, pivots, and gives up its capabilities (mounts.c);
 *   3. the base artifact and the files of the request are written into /w (run.c, files.c), the program's descriptors
 *      are made (streams.c), limits are set in the cgroup (cgroup.c); the program's process takes its descriptors,
 *      resource limits and the slot's uid, and becomes the program;
 *   4. the supervisor watches: streams, refused system calls, CPU and wall clocks, memory events, the client (watch.c).
 *      Whatever shall end the program kills init, and the kernel ends the rest;
 *   5. when the program has ended and init has no other child, or when init is dead, nothing of the program lives. Only
 *      then are files looked at again: they are collected or kept as an artifact, and the outcome is sent (answer.c).
 *      What is left of the box, an init without any right, ends after the answer.
 *
 * Nothing of a box is reused but the slot's cgroups (v1), its uid and its network namespace, which has no interface
 * that is up and which is replaced when a box left a socket in it (slot.c).
 *
 * An ordinary user gets the same, with each supervisor in a user namespace of its own: boxes have that user's uid, and
 * without cgroups their processes are looked at instead (census.c). The isolation mask says so in every outcome.
 *
 * What ends with what: a supervisor dies with main, a spawner and a box with their supervisor
 * (PR_SET_PDEATHSIG), everything in a box with its init (pid namespace); mounts and namespaces
 * with their last process. A kill -9 of anything therefore leaves only empty cgroups, artifacts
 * and sockets, which the next start of the same state directory removes (state.c); it waits for
 * the lock that all supervisors hold, so the old ones are gone by then.
 *
 * What is trusted: the kernel, the images directory (checked to be root's), the client to ask for
 * what it is allowed to ask. What is not: programs, their files, and the form of what a client sends.
 */
#include "sandboxd.h"

#include <getopt.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#define FIRST_UID 1879048192u
#define RESTART_NS (1000 * MS)

static const char usage[] =
    "usage: sandboxd --state DIR --run DIR --images DIR --slots N --client-uid UID\n"
    "       sandboxd --clean --state DIR\n"
    "       sandboxd --probe\n"
    "\n"
    "  --state DIR       artifacts and notes of this instance; root's alone\n"
    "  --run DIR         sockets, one per slot: slot-0.sock …\n"
    "  --images DIR      images by digest: DIR/<64 hex>/root\n"
    "  --slots N         boxes at the same time, 1 to 64\n"
    "  --client-uid UID  the user that may connect\n"
    "  --clean           remove what a killed instance of this state directory left, and end\n"
    "  --probe           print as JSON what this machine can enforce, and end\n";

struct options {
  const char *state, *run, *images;
  unsigned slots;
  uid_t client_uid;
  bool has_client_uid, probe, clean;
};

static unsigned long number(const char *name, const char *text, unsigned long least, unsigned long most) {
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, 10);
  if (errno || *end || end == text || *text == '-' || value < least || value > most)
    fail(2, "--%s must be a number from %lu to %lu, not '%s'", name, least, most, text);
  return value;
}

/* What others could exchange under our hands is not used. */
static void require_own(const char *name, const char *path) {
  struct stat status;
  if (stat(path, &status) || !S_ISDIR(status.st_mode)) fail(2, "--%s: %s is not a directory", name, path);
  if ((status.st_uid != 0 && status.st_uid != geteuid()) || (status.st_mode & 022))
    fail(2, "--%s: %s must belong to root%s and be writable by nobody else", name, path, geteuid() ? " or you" : "");
}

static struct options read_options(int argc, char **argv) {
  static const struct option known[] = {
      {"state", required_argument, NULL, 's'},      {"run", required_argument, NULL, 'r'},
      {"images", required_argument, NULL, 'i'},     {"slots", required_argument, NULL, 'n'},
      {"client-uid", required_argument, NULL, 'u'}, {"probe", no_argument, NULL, 'p'},
      {"clean", no_argument, NULL, 'c'},            {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0}};
  struct options options = {0};
  for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
    switch (option) {
      case 's': options.state = optarg; break;
      case 'r': options.run = optarg; break;
      case 'i': options.images = optarg; break;
      case 'n': options.slots = (unsigned)number("slots", optarg, 1, SLOTS_MAX); break;
      case 'u':
        options.client_uid = (uid_t)number("client-uid", optarg, 0, UINT32_MAX - 1);
        options.has_client_uid = true;
        break;
      case 'p': options.probe = true; break;
      case 'c': options.clean = true; break;
      case 'h': fputs(usage, stdout); exit(0);
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (optind < argc) fail(2, "'%s' is not an option; sandboxd --help lists them", argv[optind]);
  if (options.probe) return options;
  if (!options.state) fail(2, "--state is missing; sandboxd --help lists the options");
  if (options.clean) return options;
  if (!options.run || !options.images || !options.slots || !options.has_client_uid)
    fail(2, "--%s is missing; sandboxd --help lists the options",
         !options.run ? "run" : !options.images ? "images" : !options.slots ? "slots" : "client-uid");
  require_own("images", options.images);
  if (mkdir(options.run, 0755) && errno != EEXIST) fail(3, "%s can't be made: %s", options.run, strerror(errno));
  require_own("run", options.run);
  return options;
}

static void socket_name(const struct options *options, unsigned slot, struct sockaddr_un *address) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  int size = snprintf(address->sun_path, sizeof address->sun_path, "%s/slot-%u.sock", options->run, slot);
  if (size < 0 || (size_t)size >= sizeof address->sun_path)
    fail(2, "--run: %s is too long for a socket's name (about 90 bytes)", options->run);
}

static int make_listener(const struct options *options, unsigned slot) {
  struct sockaddr_un address;
  struct stat status;
  socket_name(options, slot, &address);
  if (!lstat(address.sun_path, &status) && S_ISSOCK(status.st_mode)) unlink(address.sun_path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  mode_t mask = umask(0177);
  bool made = listener >= 0 && !bind(listener, (struct sockaddr *)&address, sizeof address) &&
              !chown(address.sun_path, options->client_uid, (gid_t)-1) && !listen(listener, 128);
  int error = errno;
  umask(mask);
  if (!made) fail(3, "%s can't be made: %s", address.sun_path, strerror(error));
  return listener;
}

struct supervisor {
  pid_t pid; /* -1 = to be started at start_at */
  uint64_t start_at;
  int listener;
  int broker; /* what it asks main: -1 = none */
};

static void start_supervisor(const struct daemon *daemon, struct supervisor *all, unsigned slot, int ready) {
  int ends[2] = {-1, -1};
  pid_t parent = getpid(), pid = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ? -1 : fork();
  if (pid == 0) {
    close(ends[0]);
    for (unsigned i = 0; i < daemon->slots; i++) {
      if (i == slot) continue;
      close(all[i].listener);
      close_fd(&all[i].broker);
    }
    slot_main(daemon, slot, all[slot].listener, ends[1], ready, parent);
  }
  uint64_t now = now_ns();
  if (pid < 0) warn("slot %u can't be started: %s", slot, strerror(errno));
  if (pid < 0) close_fd(&ends[0]);
  close_fd(&ends[1]);
  all[slot].broker = ends[0];
  all[slot].pid = pid;
  all[slot].start_at = now + RESTART_NS;
}

/* All at once, because entering cgroups takes its time; false if one of them could not set up. */
static bool start_all(const struct daemon *daemon, struct supervisor *all) {
  int ready[SLOTS_MAX];
  for (unsigned i = 0; i < daemon->slots; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return false;
    start_supervisor(daemon, all, i, ends[1]);
    close(ends[1]);
    ready[i] = ends[0];
  }
  bool good = true;
  for (unsigned i = 0; i < daemon->slots; i++) {
    char byte;
    good &= read(ready[i], &byte, 1) == 1;
    close(ready[i]);
  }
  return good;
}

/* Also spawners and boxes whose supervisor is dead. */
static void bury(const struct daemon *daemon, struct supervisor *all) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    for (unsigned i = 0; i < daemon->slots; i++) {
      if (all[i].pid != pid) continue;
      if (WIFSIGNALED(status)) warn("the supervisor of slot %u was ended by signal %d", i, WTERMSIG(status));
      else warn("the supervisor of slot %u ended with code %d", i, WEXITSTATUS(status));
      cgroups_clean_slot(&daemon->cgroups, i);
      close_fd(&all[i].broker);
      all[i].pid = -1;
    }
}

/* Starts what is due; how long until the next is, at most a minute. */
static uint64_t revive(const struct daemon *daemon, struct supervisor *all) {
  uint64_t wait = 60000 * MS;
  for (unsigned i = 0; i < daemon->slots; i++) {
    uint64_t now = now_ns();
    if (all[i].pid > 0) continue;
    if (all[i].start_at <= now) start_supervisor(daemon, all, i, -1);
    else if (all[i].start_at - now < wait) wait = all[i].start_at - now;
  }
  return wait;
}

/* Until SIGTERM or SIGINT. */
static void supervise(const struct daemon *daemon, struct supervisor *all, const sigset_t *signals) {
  AUTO_CLOSE int pending = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (pending < 0) fail(3, "signals can't be waited for: %s", strerror(errno));
  for (;;) {
    struct signalfd_siginfo signal;
    struct pollfd waits[SLOTS_MAX + 1] = {{.fd = pending, .events = POLLIN}};
    bury(daemon, all);
    uint64_t wait = revive(daemon, all);
    for (unsigned i = 0; i < daemon->slots; i++) waits[i + 1] = (struct pollfd){.fd = all[i].broker, .events = POLLIN};
    if (poll(waits, daemon->slots + 1, (int)((wait + MS - 1) / MS)) <= 0) continue;
    for (unsigned i = 0; i < daemon->slots; i++)
      if (waits[i + 1].revents & POLLIN) pipes_answer(all[i].broker);
    while (read(pending, &signal, sizeof signal) == sizeof signal)
      if (signal.ssi_signo != SIGCHLD) return;
    /* Its supervisor is dying; the signal follows. */
    for (unsigned i = 0; i < daemon->slots; i++)
      if (waits[i + 1].revents & POLLHUP) close_fd(&all[i].broker);
  }
}

static void end_all(struct daemon *daemon, struct supervisor *all, const struct options *options) {
  for (unsigned i = 0; i < daemon->slots; i++) {
    struct sockaddr_un address;
    if (all[i].pid > 0) kill(all[i].pid, SIGKILL);
    socket_name(options, i, &address);
    unlink(address.sun_path);
  }
  /* What dies with the supervisors becomes ours: when there is no child left, nothing is. */
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  cgroups_remove(&daemon->cgroups);
}

static void describe(struct daemon *daemon, const struct options *options) {
  struct utsname system;
  uint8_t random[8];
  uname(&system);
  random_bytes(random, sizeof random);
  hex_text(random, sizeof random, daemon->instance);
  snprintf(daemon->kernel, sizeof daemon->kernel, "%.64s", system.release);
  daemon->images = options->images;
  daemon->slots = options->slots;
  daemon->client_uid = options->client_uid;
  daemon->privileged = geteuid() == 0;
}

/* A script in a box can name /proc/self/exe as its interpreter, which is this program until exec has succeeded: it runs
   from a copy that nobody may execute once it runs. */
static void become_unreachable(char **argv) {
  static const char name[] = "/memfd:sandboxd";
  char own[64] = {0};
  prctl(PR_SET_NAME, "sandboxd", 0, 0, 0);
  if (readlink("/proc/self/exe", own, sizeof own - 1) > 0 && !strncmp(own, name, sizeof name - 1)) {
    if (chmod("/proc/self/exe", 0)) fail(3, "its own copy can't be closed to others: %s", strerror(errno));
    return;
  }
  AUTO_CLOSE int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  int to = memfd_create("sandboxd", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  while (to >= 0 && sendfile(to, from, NULL, 16 * MIB) > 0) continue;
  if (to >= 0 && !fchmod(to, 0500) && !fcntl(to, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
    syscall(SYS_execveat, to, "", argv, environ, AT_EMPTY_PATH);
  fail(3, "no copy of itself can be started: %s", strerror(errno));
}

static void raise_open_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv) {
  struct options options = read_options(argc, argv);
  if (options.probe) {
    probe_print();
    return 0;
  }
  if (!options.clean) become_unreachable(argv);
  const char *missing = probe_required();
  if (missing) fail(3, "%s", missing);
  if (geteuid() && options.has_client_uid && options.client_uid != geteuid())
    fail(2, "--client-uid: without root only you (%u) can be the client", geteuid());

  struct state state;
  state_open(&state, options.state);
  bool clean = state_recover(&state);
  if (options.clean) return clean ? 0 : 3;
  if (!clean) fail(3, "what an earlier sandboxd left in the way could not be removed");

  static struct daemon daemon;
  static struct supervisor all[SLOTS_MAX];
  describe(&daemon, &options);
  raise_open_files();
  for (unsigned i = 0; i < daemon.slots; i++) {
    all[i].listener = make_listener(&options, i);
    all[i].broker = -1;
  }
  if (daemon.privileged) state_take_uids(&state);
  daemon.uid_base = FIRST_UID + state.uid_block * SLOTS_MAX * SLOT_UIDS;
  daemon.artifacts = state_directory(&state, "artifacts");
  cgroups_find(&daemon.cgroups);
  state_note_cgroups(&state, &daemon.cgroups);
  cgroups_make(&daemon.cgroups, state.id);
  for (int i = 0; i < CG_CONTROLLERS; i++)
    if (!daemon.cgroups.home[i][0]) warn("not enforced: %s", daemon.cgroups.missing[i]);
  daemon.isolation = isolation_of(&daemon.cgroups, daemon.privileged);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  bool started = start_all(&daemon, all);
  if (started) {
    printf("{\"ready\":true,\"version\":%d,\"pid\":%d,\"instance\":\"%s\",\"slots\":%u,\"isolation\":%u}\n", WIRE_VERSION,
           getpid(), daemon.instance, daemon.slots, daemon.isolation);
    fflush(stdout);
    supervise(&daemon, all, &signals);
  }
  end_all(&daemon, all, &options);
  state_close(&state);
  return started ? 0 : 3;
}
