/*
 * The program that tests run in boxes: `inside MODE [ARGUMENT…]`. It does one thing, or tries one
 * thing that must not work, and prints what happened; the test outside decides what that means.
 */
#define _GNU_SOURCE
#include "inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <mqueue.h>
#include <pthread.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

const char *first, *second;

void ready_and_wait(void) {
  fflush(stdout);
  prctl(PR_SET_NAME, "ready");
  for (;;) pause();
}

long amount(void) {
  return strtol(first, NULL, 10);
}

int tried(const char *what, long result) {
  printf("%s %s\n", what, result < 0 ? strerrorname_np(errno) : "ok");
  return 0;
}

static int do_exit(void) {
  return (int)amount();
}

static int do_signal(void) {
  raise((int)amount());
  return 99;
}

static void *spin(void *unused) {
  for (volatile unsigned long i = 0;; i++) continue;
  return unused;
}

static int do_spin(void) {
  pthread_t thread;
  for (long i = 1; i < amount(); i++) pthread_create(&thread, NULL, spin, NULL);
  spin(NULL);
  return 0;
}

static int do_spin_children(void) {
  for (long i = 0; i < amount(); i++)
    if (fork() == 0) spin(NULL);
  for (;;) pause();
  return 0;
}

static void *do_nothing(void *unused) {
  return unused;
}

static int do_threads(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++)
    if (pthread_create(&threads[i], NULL, do_nothing, NULL)) return 1;
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  return 0;
}

static int do_pause(void) {
  printf("before the pause\n");
  ready_and_wait();
  return 0;
}

/* As whoever waits for a disk does: a parent sleeps uninterruptibly until what it made by vfork ends. */
static int do_wait_in_the_kernel(void) {
  struct timespec rest = {amount() / 1000, amount() % 1000 * 1000000};
  pid_t child = vfork();
  if (child < 0) return 1;
  if (child == 0) {
    nanosleep(&rest, NULL);
    _exit(0);
  }
  return 0;
}

static int do_allocate(void) {
  size_t size = (size_t)amount() << 20;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  memset(memory, 1, size);
  return 0;
}

static int do_allocate_in_child(void) {
  pid_t pid = fork();
  if (pid == 0) _exit(do_allocate());
  waitpid(pid, NULL, 0);
  for (;;) pause();
}

/* As many processes at once as there may be. */
static int do_fork_bomb(void) {
  int made = 0;
  while (made < 1000) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0)
      for (;;) pause();
    made++;
  }
  return tried(made < 1000 ? "fork" : "forked 1000", made < 1000 ? -1 : 0);
}

static int do_endless_fork_bomb(void) {
  for (;;)
    if (fork() == 0) setsid();
  return 0;
}

static int do_processes(void) {
  for (long i = 1; i < amount(); i++)
    if (fork() == 0)
      for (;;) pause();
  return 0;
}

static int do_daemon(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      prctl(PR_SET_NAME, "survivor");
      for (;;) pause();
    }
    _exit(0);
  }
  wait(NULL);
  return 0;
}

static int do_output(void) {
  static char block[4096];
  int fd = second ? atoi(second) : 1;
  memset(block, 'x', sizeof block);
  for (long left = amount(); left > 0;) {
    ssize_t put = write(fd, block, left < (long)sizeof block ? (size_t)left : sizeof block);
    if (put <= 0) return 1;
    left -= put;
  }
  return 0;
}

static int do_cat(void) {
  static char block[65536];
  int fd = first ? open(first, O_RDONLY) : 0;
  if (fd < 0) return tried("open", -1);
  for (ssize_t got; (got = read(fd, block, sizeof block)) > 0;)
    if (write(1, block, (size_t)got) != got) return 1;
  return 0;
}

static int do_write(void) {
  int fd = open(first, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  if (fd < 0) return tried("open", -1);
  return write(fd, second, strlen(second)) == (ssize_t)strlen(second) ? 0 : 1;
}

/* Appends to a file of that name until the kernel refuses. */
static int do_fill(void) {
  static char block[65536];
  int fd = open(first, O_WRONLY | O_CREAT, 0644);
  while (write(fd, block, sizeof block) > 0) continue;
  return tried("write", -1);
}

static int do_many_files(void) {
  char name[32];
  for (int i = 0;; i++) {
    snprintf(name, sizeof name, "f%d", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0644);
    if (fd < 0) return tried("create", -1);
    close(fd);
  }
}

static int do_list(void) {
  struct dirent **entries;
  int count = scandir(first, &entries, NULL, alphasort);
  if (count < 0) return tried("list", -1);
  for (int i = 0; i < count; i++)
    if (entries[i]->d_name[0] != '.') printf("%s ", entries[i]->d_name);
  return 0;
}

static int do_env(void) {
  for (char **entry = environ; *entry; entry++) puts(*entry);
  return 0;
}

static int do_where(void) {
  char directory[256], host[65];
  mode_t mask = umask(0);
  gethostname(host, sizeof host);
  printf("cwd=%s pid=%d ppid=%d sid=%d umask=%o host=%s\n", getcwd(directory, sizeof directory), getpid(), getppid(),
         getsid(0), mask, host);
  return 0;
}

static int do_limits(void) {
  static const int kinds[] = {RLIMIT_STACK, RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CORE};
  for (int i = 0; i < 4; i++) {
    struct rlimit limit;
    getrlimit((__rlimit_resource_t)kinds[i], &limit);
    printf("%lu %lu ", limit.rlim_cur, limit.rlim_max);
  }
  return 0;
}

static int do_socket(void) {
  return tried("socket", socket(atoi(first), atoi(second), 0));
}

/* Calls with arguments that could never do harm, should one of them come through. */
static int do_refused_calls(void) {
#define CALL(name) {#name, SYS_##name}
  static const struct {
    const char *name;
    long number;
  } calls[] = {
      CALL(mount), CALL(umount2), CALL(pivot_root), CALL(chroot), CALL(fsopen), CALL(fsconfig), CALL(fsmount),
      CALL(fspick), CALL(open_tree), CALL(move_mount), CALL(mount_setattr), CALL(unshare), CALL(setns), CALL(ptrace),
      CALL(process_vm_readv), CALL(process_vm_writev), CALL(process_madvise), CALL(kcmp), CALL(pidfd_getfd),
      CALL(keyctl), CALL(add_key), CALL(request_key), CALL(bpf), CALL(perf_event_open), CALL(userfaultfd),
      CALL(io_uring_setup), CALL(io_uring_enter), CALL(io_uring_register), CALL(open_by_handle_at),
      CALL(name_to_handle_at), CALL(fanotify_init), CALL(fanotify_mark), CALL(kexec_load), CALL(init_module),
      CALL(finit_module), CALL(delete_module), CALL(reboot), CALL(swapon), CALL(swapoff), CALL(syslog),
      CALL(quotactl), CALL(acct), CALL(vhangup), CALL(settimeofday), CALL(clock_settime), CALL(clock_adjtime),
      CALL(adjtimex), CALL(sethostname), CALL(setdomainname), CALL(seccomp), CALL(move_pages), CALL(migrate_pages),
#ifdef __x86_64__
      CALL(iopl), CALL(ioperm), CALL(modify_ldt),
#endif
  };
#undef CALL
  for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++)
    tried(calls[i].name, syscall(calls[i].number, -1, 0, 0, 0, 0, 0));
  return 0;
}

static int do_unknown_calls(void) {
  tried("clone3", syscall(SYS_clone3, NULL, 0));
  tried("600", syscall(600));
  tried("511", syscall(511));
  tried("100000", syscall(100000));
  return 0;
}

static int do_checked_calls(void) {
  static const struct {
    const char *name;
    unsigned long flag;
  } kinds[] = {{"user", CLONE_NEWUSER}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"net", CLONE_NEWNET},
               {"ipc", CLONE_NEWIPC},   {"uts", CLONE_NEWUTS},  {"cgroup", CLONE_NEWCGROUP}};
  for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    tried(kinds[i].name, syscall(SYS_clone, kinds[i].flag | SIGCHLD, 0, 0, 0, 0));
  tried("tiocsti", ioctl(0, 0x5412, "x"));
  tried("personality", syscall(SYS_personality, 0x0008));
  tried("prctl-seccomp", prctl(PR_SET_SECCOMP, 1, 0, 0, 0));
  return 0;
}

static int do_insist(void) {
  for (;;) syscall(SYS_mount, 0, 0, 0, 0, 0);
  return 0;
}

#ifdef __x86_64__
static int do_int80(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
  return tried("int80", result < 0 ? -1 : 0);
}

static int do_x32(void) {
  return tried("x32", syscall(0x40000000 | SYS_getpid));
}
#endif

static int do_write_everywhere(void) {
  static const char *paths[] = {"/new", "/bin/new", "/bin/inside", "/dev/new", "/proc/new", "/proc/self/oom_score_adj"};
  for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++)
    tried(paths[i], open(paths[i], O_WRONLY | O_CREAT, 0644));
  tried("unlink", unlink("/bin/inside"));
  tried("chmod", chmod("/bin/inside", 0777));
  tried("device", mknod("/w/null", S_IFCHR | 0666, 0x103));
  tried("fifo", mkfifo("/w/fifo", 0600));
  tried("/w", open("/w/file", O_WRONLY | O_CREAT, 0644));
  tried("/tmp", open("/tmp/file", O_WRONLY | O_CREAT, 0644));
  tried("/dev/null", open("/dev/null", O_RDWR));
  tried("/dev/shm", open("/dev/shm/file", O_WRONLY | O_CREAT, 0644));
  return 0;
}

static int do_open_places(void) {
  static const char *paths[] = {"/sys",         "/proc/sys",    "/proc/kcore",  "/proc/keys", "/proc/sysrq-trigger",
                                "/proc/1/mem",  "/proc/1",      "/proc/kallsyms", "/dev/tty", "/dev/ptmx",
                                "/dev/mem",     "/proc/timer_list", "/proc/1/root", "/proc/interrupts", "/proc/meminfo"};
  for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) tried(paths[i], open(paths[i], O_RDONLY | O_NOCTTY));
  return 0;
}

static int do_become_root(void) {
  tried("setuid", setuid(0));
  tried("setgid", setgid(0));
  tried("setgroups", setgroups(0, NULL));
  tried("kill-1", kill(1, SIGKILL));
  tried("nice", setpriority(PRIO_PROCESS, 0, -5) < 0 ? -1 : 0);
  struct rlimit more = {1 << 20, 1 << 20};
  tried("nofile", setrlimit(RLIMIT_NOFILE, &more));
  return 0;
}

static int abstract(const char *name, bool listen_to_it) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (!listen_to_it) return connect(fd, (struct sockaddr *)&address, sizeof address);
  return bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1) ? -1 : 0;
}

#define KEY 0x41737361

/* Things that another box could find, each seen by this one. */
static int do_share(void) {
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
  if (abstract("assay", true) || abstract("assay", false)) return 1;
  if (shmget(KEY, 4096, IPC_CREAT | 0666) < 0 || shmget(KEY, 0, 0) < 0) return 2;
  if (mq_open("/assay", O_CREAT | O_RDWR, 0666, &attributes) < 0 || mq_open("/assay", O_RDONLY) < 0) return 3;
  if (shm_open("/assay", O_CREAT | O_RDWR, 0666) < 0 || shm_open("/assay", O_RDONLY, 0) < 0) return 4;
  if (creat("/tmp/assay", 0666) < 0 || open("/tmp/assay", O_RDONLY) < 0) return 5;
  ready_and_wait();
  return 0;
}

static int do_find_shared(void) {
  tried("abstract", abstract("assay", false));
  tried("sysv", shmget(KEY, 0, 0));
  tried("mqueue", mq_open("/assay", O_RDONLY));
  tried("shm", shm_open("/assay", O_RDONLY, 0));
  tried("tmp", open("/tmp/assay", O_RDONLY));
  tried("kill", kill(-1, SIGKILL));
  return 0;
}

/* A work directory to which whoever reads it from outside must not fall prey. */
static int do_tricks(void) {
  int sockets = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  int fd = open("good", O_WRONLY | O_CREAT, 0640);
  if (write(fd, "good", 4) != 4) return 1;
  int bad = symlink("/etc/passwd", "absolute") || symlink("../../../../etc/passwd", "relative") ||
            symlink("/", "root") || symlink("good", "beside") || symlink(".", "here") || mkfifo("fifo", 0666) ||
            bind(sockets, (struct sockaddr *)&address, sizeof address) || link("good", "hard") ||
            mkdir("directory", 0700) || creat("directory/secret", 0) < 0;
  return bad ? 1 : 0;
}

static int do_deep(void) {
  for (int i = 0; i < 200; i++)
    if (mkdir("d", 0755) || chdir("d")) return 1;
  return 0;
}

static int do_leave_everything(void) {
  return creat("/w/left", 0666) < 0 || creat("/tmp/left", 0666) < 0 || shmget(KEY, 4096, IPC_CREAT | 0666) < 0;
}

static int do_watch(void) {
  int directory = open("/bin", O_RDONLY), file = open("/bin/inside", O_RDONLY);
  uint64_t hint = 2;
  tried("inotify", syscall(SYS_inotify_init1, 0));
  tried("dnotify", fcntl(directory, F_NOTIFY, DN_ACCESS | DN_MULTISHOT));
  tried("hint", fcntl(file, F_SET_RW_HINT, &hint));
  tried("file-hint", fcntl(file, F_SET_FILE_RW_HINT, &hint));
  struct flock lock = {.l_type = F_WRLCK};
  return tried("lock", fcntl(open("/w/file", O_RDWR | O_CREAT, 0600), F_SETLK, &lock));
}

/* With a bad descriptor: only what does not reach the kernel succeeds. */
static int do_disks(void) {
  tried("sync", syscall(SYS_sync));
  tried("syncfs", syscall(SYS_syncfs, -1));
  tried("fsync", syscall(SYS_fsync, -1));
  tried("fdatasync", syscall(SYS_fdatasync, -1));
  tried("sync_file_range", syscall(SYS_sync_file_range, -1, 0, 0, 0));
  tried("msync", syscall(SYS_msync, 1, 1, -1));
  tried("fadvise64", syscall(SYS_fadvise64, -1, 0, 0, 4));
  return tried("readahead", syscall(SYS_readahead, -1, 0, 0));
}

static int do_hoard(void) {
  unsigned long context = 0;
  struct sock_filter code = {BPF_RET | BPF_K, 0, 0, 0};
  struct sock_fprog program = {1, &code};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0), size = 4096;
  tried("io_setup", syscall(SYS_io_setup, 1, &context));
  tried("filter", setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
  tried("option", setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  return tried("sched-core", prctl(62 /* PR_SCHED_CORE */, 1, 0, 0, 0));
}

static int do_ioctls(void) {
  int ends[2], number = 0, file = open("/bin/inside", O_RDONLY);
  char extents[64] = {0};
  tried("pipe", pipe(ends) ? -1 : ioctl(ends[0], FIONREAD, &number));
  tried("cloexec", ioctl(file, FIOCLEX));
  tried("nonblocking", ioctl(ends[0], FIONBIO, &(int){1}));
  tried("terminal", ioctl(0, TCGETS, extents));
  tried("flags", ioctl(file, 0x80086601 /* FS_IOC_GETFLAGS */, extents));
  tried("extents", ioctl(file, 0xc020660b /* FS_IOC_FIEMAP */, extents));
  return tried("namespace", ioctl(open("/proc/self/ns/mnt", O_RDONLY), 0xb701 /* NS_GET_USERNS */));
}

static void print_limit(__rlimit_resource_t kind) {
  struct rlimit limit;
  getrlimit(kind, &limit);
  printf("%lu %lu\n", limit.rlim_cur, limit.rlim_max);
}

static int do_core(void) {
  struct rlimit none = {0, 0}, small = {65536, 65536};
  tried("set", syscall(SYS_setrlimit, RLIMIT_CORE, &none));
  print_limit(RLIMIT_CORE);
  tried("set-by-prlimit", prlimit(0, RLIMIT_CORE, &none, NULL));
  print_limit(RLIMIT_CORE);
  tried("stack", prlimit(0, RLIMIT_STACK, &small, NULL));
  print_limit(RLIMIT_STACK);
  return 0;
}

static int do_mark_input(void) {
  printf("%d %d\n", fcntl(0, F_GETFL) & O_NONBLOCK, fcntl(0, F_GETSIG));
  return fcntl(0, F_SETFL, O_NONBLOCK) || fcntl(0, F_SETSIG, 42);
}

/* Sends each of a pair of sockets, and the one that listens, into the pair itself. */
static int do_bury_socket(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0assay"};
  int pair[2], listener = socket(AF_UNIX, SOCK_STREAM, 0);
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 9)) return 1;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return 2;
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(3 * sizeof(int))];
  } control = {0};
  struct iovec data = {"", 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header = (struct cmsghdr){CMSG_LEN(3 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&control.header), (int[]){pair[0], pair[1], listener}, 3 * sizeof(int));
  return sendmsg(pair[0], &message, 0) == 1 ? 0 : 3;
}

static int do_count_self(void) {
  puts("ran");
  return 0;
}

static int do_sparse(void) {
  int fd = open("sparse", O_RDWR | O_CREAT, 0644);
  return ftruncate(fd, amount());
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    int (*run)(void);
  } modes[] = {
      {"exit", do_exit}, {"signal", do_signal}, {"spin", do_spin}, {"spin-children", do_spin_children},
      {"threads", do_threads}, {"pause", do_pause}, {"wait-in-the-kernel", do_wait_in_the_kernel}, {"allocate", do_allocate},
      {"allocate-in-child", do_allocate_in_child}, {"fork-bomb", do_fork_bomb},
      {"endless-fork-bomb", do_endless_fork_bomb}, {"processes", do_processes}, {"daemon", do_daemon},
      {"output", do_output}, {"cat", do_cat}, {"write", do_write}, {"fill", do_fill}, {"many-files", do_many_files},
      {"list", do_list}, {"env", do_env}, {"where", do_where}, {"limits", do_limits}, {"socket", do_socket},
      {"refused-calls", do_refused_calls}, {"unknown-calls", do_unknown_calls}, {"checked-calls", do_checked_calls},
      {"insist", do_insist}, {"write-everywhere", do_write_everywhere}, {"open-places", do_open_places},
      {"become-root", do_become_root}, {"share", do_share}, {"find-shared", do_find_shared}, {"tricks", do_tricks},
      {"deep", do_deep}, {"leave-everything", do_leave_everything}, {"sparse", do_sparse},
      {"watch", do_watch}, {"disks", do_disks}, {"hoard", do_hoard}, {"ioctls", do_ioctls}, {"core", do_core},
      {"mark-input", do_mark_input}, {"bury-socket", do_bury_socket}, {"count-self", do_count_self},
      {"ask", do_ask}, {"ask-line", do_ask_line}, {"close-input", do_close_input}, {"gather", do_gather},
      {"reopen", do_reopen}, {"terminal", do_terminal}, {"interactive", do_interactive}, {"stop-input", do_stop_input}, {"catch", do_catch},
      {"affinity", do_affinity}, {"read-and-fail", do_read_and_fail},
#ifdef __x86_64__
      {"int80", do_int80}, {"x32", do_x32},
#endif
  };
  first = argc > 2 ? argv[2] : NULL;
  second = argc > 3 ? argv[3] : NULL;
  for (unsigned i = 0; argc > 1 && i < sizeof modes / sizeof modes[0]; i++)
    if (!strcmp(argv[1], modes[i].name)) return modes[i].run();
  fprintf(stderr, "no such mode\n");
  return 100;
}
