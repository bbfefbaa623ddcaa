/*
 * The policy is an allow-list with four answers.
 *
 *  - ALLOW: what compilers, language runtimes and ordinary programs need.
 *  - NOTHING: success, and nothing happens. What a box can write is in memory, so calls that bring
 *    files to a disk could only make the disks of the host work, for ever and in everybody's way;
 *    advice about the page cache could empty that of the image under its neighbours.
 *  - REFUSE: calls that serve to leave, probe or manage a machine. The kernel asks the supervisor
 *    (SECCOMP_RET_USER_NOTIF), which answers EPERM and counts them by name: that is the evidence,
 *    and a program that insists is stopped. The supervisor never lets such a call continue, so
 *    there is no race between its decision and the call's arguments.
 *  - everything else, also what a future kernel adds: ENOSYS, as on a kernel that lacks it. clone3 and
 *    openat2 are among them because their flags are behind a pointer that a filter can't read; libraries
 *    fall back to clone and openat, whose flags are checked.
 *
 * Left out though they look harmless: inotify, which tells of every use of the image's files, also by
 * other boxes, and io_setup, whose contexts are counted against one number for the whole machine.
 *
 * A call of a foreign architecture (int 0x80, x32) kills the process: its numbers mean other calls.
 *
 * The filter is a binary search over ranges of call numbers. Which allowed numbers need no look at
 * arguments is remembered by the kernel per filter, so these cost nothing in the running program.
 */
#include "sandboxd.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/random.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the system call policy is written for x86-64 and arm64"
#endif

/* Numbers that are younger than some C library's headers; the same on both architectures. */
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif
#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#endif
#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif
#ifndef __NR_map_shadow_stack
#define __NR_map_shadow_stack 453
#endif
#ifndef __NR_futex_wake
#define __NR_futex_wake 454
#define __NR_futex_wait 455
#define __NR_futex_requeue 456
#endif
#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif
#ifndef __NR_mseal
#define __NR_mseal 462
#endif
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467
#endif

enum action {
  UNKNOWN, ALLOWED, NOTHING, UNSUPPORTED, REFUSED,
  /* Decided by an argument. */
  BY_CLONE_FLAGS, BY_ADVICE, BY_FAMILY, BY_FCNTL, BY_IOCTL, BY_OPEN_FLAGS, BY_OPENAT_FLAGS, BY_OPTION, BY_PERSONA, BY_PRCTL, BY_RESOURCE, BY_RESOURCE_OF
};

static const uint16_t allowed[] = {
/* One call per word; the lists are in the order of the call's subject. */
#define A(name) __NR_##name
    /* files */
    A(read), A(write), A(readv), A(writev), A(pread64), A(pwrite64), A(preadv), A(pwritev), A(preadv2),
    A(pwritev2), A(close), A(close_range), A(lseek), A(fstat), A(newfstatat),
    A(statx), A(statfs), A(fstatfs), A(truncate), A(ftruncate), A(fallocate),
    A(getdents64), A(getcwd), A(chdir), A(fchdir), A(mkdirat), A(mknodat), A(unlinkat), A(renameat),
    A(renameat2), A(linkat), A(symlinkat), A(readlinkat), A(fchmod), A(fchmodat), A(fchmodat2), A(fchown),
    A(fchownat), A(umask), A(faccessat), A(faccessat2), A(utimensat), A(flock), A(dup), A(dup3),
    A(copy_file_range), A(sendfile), A(splice), A(tee), A(vmsplice), A(getxattr),
    A(lgetxattr), A(fgetxattr), A(listxattr), A(llistxattr), A(flistxattr), A(memfd_create), A(pipe2),
    /* waiting */
    A(ppoll), A(pselect6), A(epoll_create1), A(epoll_ctl), A(epoll_pwait), A(epoll_pwait2), A(eventfd2),
    A(signalfd4), A(timerfd_create), A(timerfd_settime), A(timerfd_gettime),
    /* memory */
    A(mmap), A(munmap), A(mremap), A(mprotect), A(brk), A(mincore), A(mlock), A(mlock2),
    A(munlock), A(mlockall), A(munlockall), A(membarrier), A(remap_file_pages), A(pkey_alloc),
    A(pkey_free), A(pkey_mprotect), A(mseal), A(map_shadow_stack), A(get_mempolicy),
    /* processes and threads */
    A(execve), A(execveat), A(exit), A(exit_group), A(wait4), A(waitid), A(getpid), A(getppid), A(gettid),
    A(set_tid_address), A(set_robust_list), A(get_robust_list), A(futex), A(futex_waitv), A(futex_wake),
    A(futex_wait), A(futex_requeue), A(rseq), A(setsid), A(getsid), A(setpgid), A(getpgid), A(getuid),
    A(geteuid), A(getgid), A(getegid), A(getresuid), A(getresgid), A(getgroups), A(setuid), A(setgid),
    A(setreuid), A(setregid), A(setresuid), A(setresgid), A(setfsuid), A(setfsgid), A(setgroups),
    A(capget), A(capset), A(getrlimit), A(getrusage), A(times), A(getpriority),
    A(setpriority), A(ioprio_get), A(ioprio_set), A(pidfd_open), A(pidfd_send_signal), A(process_mrelease),
    A(sched_yield), A(sched_getaffinity), A(sched_getparam), A(sched_setparam),
    A(sched_getscheduler), A(sched_setscheduler), A(sched_get_priority_max), A(sched_get_priority_min),
    A(sched_rr_get_interval), A(sched_getattr), A(sched_setattr), A(getcpu), A(uname), A(sysinfo),
    A(getrandom), A(restart_syscall),
    /* signals and time */
    A(rt_sigaction), A(rt_sigprocmask), A(rt_sigreturn), A(rt_sigpending), A(rt_sigsuspend),
    A(rt_sigtimedwait), A(rt_sigqueueinfo), A(rt_tgsigqueueinfo), A(sigaltstack), A(kill), A(tkill), A(tgkill),
    A(nanosleep), A(clock_nanosleep), A(clock_gettime), A(clock_getres), A(gettimeofday), A(getitimer),
    A(setitimer), A(timer_create), A(timer_settime), A(timer_gettime), A(timer_getoverrun), A(timer_delete),
    /* within the box: unix sockets, System V and POSIX IPC */
    A(bind), A(listen), A(accept), A(accept4), A(connect), A(getsockname), A(getpeername), A(sendto),
    A(recvfrom), A(sendmsg), A(recvmsg), A(sendmmsg), A(recvmmsg), A(shutdown), A(getsockopt),
    A(shmget), A(shmat), A(shmdt), A(shmctl), A(semget), A(semop), A(semtimedop), A(semctl), A(msgget),
    A(msgsnd), A(msgrcv), A(msgctl), A(mq_open), A(mq_unlink), A(mq_timedsend), A(mq_timedreceive),
    A(mq_notify), A(mq_getsetattr),
#ifdef __x86_64__
    /* older forms that arm64 never had */
    A(creat), A(stat), A(lstat), A(access), A(getdents), A(mkdir), A(rmdir), A(mknod), A(unlink),
    A(rename), A(link), A(symlink), A(readlink), A(chmod), A(chown), A(lchown), A(utime), A(utimes),
    A(futimesat), A(dup2), A(pipe), A(poll), A(select), A(epoll_create), A(epoll_wait), A(eventfd),
    A(signalfd), A(fork), A(vfork), A(getpgrp), A(alarm), A(pause), A(time), A(arch_prctl),
#endif
#undef A
};

/* Files are in memory; the processors of a box are chosen for it; what the kernel remembers of memory policies is
   charged to nobody. */
static const uint16_t nothing[] = {__NR_sched_setaffinity, __NR_mbind, __NR_set_mempolicy, __NR_sync, __NR_syncfs, __NR_fsync, __NR_fdatasync, __NR_sync_file_range,
                                   __NR_msync, __NR_fadvise64, __NR_readahead};

/* Attributes are memory that is charged to nobody, and of access lists 128 KiB for each file. */
static const uint16_t unsupported[] = {__NR_setxattr,    __NR_lsetxattr,    __NR_fsetxattr,
                                       __NR_removexattr, __NR_lremovexattr, __NR_fremovexattr};

static const struct {
  uint16_t number;
  uint8_t action;
  const char *name;
} counted[] = {
#define R(name) {__NR_##name, REFUSED, #name}
    R(mount), R(umount2), R(pivot_root), R(chroot), R(fsopen), R(fsconfig), R(fsmount), R(fspick), R(open_tree),
    R(open_tree_attr), R(move_mount), R(mount_setattr), R(statmount), R(listmount), R(unshare), R(setns),
    R(ptrace), R(process_vm_readv), R(process_vm_writev), R(process_madvise), R(kcmp), R(pidfd_getfd),
    R(keyctl), R(add_key), R(request_key), R(bpf), R(perf_event_open), R(userfaultfd), R(io_uring_setup),
    R(io_uring_enter), R(io_uring_register), R(open_by_handle_at), R(name_to_handle_at), R(fanotify_init),
    R(fanotify_mark), R(kexec_load), R(kexec_file_load), R(init_module), R(finit_module), R(delete_module),
    R(reboot), R(swapon), R(swapoff), R(syslog), R(quotactl), R(quotactl_fd), R(acct), R(vhangup),
    R(settimeofday), R(clock_settime), R(clock_adjtime), R(adjtimex), R(sethostname), R(setdomainname),
    R(seccomp), R(memfd_secret), R(move_pages), R(migrate_pages), R(lookup_dcookie),
#ifdef __x86_64__
    R(iopl), R(ioperm), R(modify_ldt), R(uselib), R(sysfs), R(ustat),
#endif
#undef R
    {__NR_clone, BY_CLONE_FLAGS, "clone"},   {__NR_socket, BY_FAMILY, "socket"},
    {__NR_socketpair, BY_FAMILY, "socketpair"}, {__NR_fcntl, BY_FCNTL, "fcntl"},
    {__NR_ioctl, BY_IOCTL, "ioctl"}, {__NR_setsockopt, BY_OPTION, "setsockopt"},
    {__NR_personality, BY_PERSONA, "personality"}, {__NR_prctl, BY_PRCTL, "prctl"},
    {__NR_setrlimit, BY_RESOURCE, "setrlimit"}, {__NR_prlimit64, BY_RESOURCE_OF, "prlimit64"},
    {__NR_madvise, BY_ADVICE, "madvise"}, {__NR_openat, BY_OPENAT_FLAGS, "openat"},
#ifdef __x86_64__
    {__NR_open, BY_OPEN_FLAGS, "open"},
#endif
};
_Static_assert(COUNT_OF(counted) <= REFUSED_KINDS, "every counted call needs its counter");

#define NUMBERS 512
#define NAMESPACE_FLAGS \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static struct sock_filter code[1024];
static struct sock_fprog program = {.filter = code};

static void emit(uint16_t op, uint8_t yes, uint8_t no, uint32_t value) {
  if (program.len == COUNT_OF(code)) fail(3, "the system call policy does not fit its program");
  code[program.len++] = (struct sock_filter){op, yes, no, value};
}

static void emit_return(uint32_t value) {
  emit(BPF_RET | BPF_K, 0, 0, value);
}

/* The lower half at offset 0, the upper at 4: both architectures are little-endian. All that is
   checked is 32 bits wide for the kernel but pointers. */
static void emit_load(unsigned argument, unsigned half) {
  emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offsetof(struct seccomp_data, args) + 8 * argument + half);
}

#define EMIT_IF_ONE_OF(argument, answer, ...)                                           \
  emit_if_one_of(argument, answer, (const uint32_t[]){__VA_ARGS__},                     \
                 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* This answer when the argument is one of these; otherwise the program goes on. */
static void emit_if_one_of(unsigned argument, uint32_t answer, const uint32_t *values, unsigned count) {
  emit_load(argument, 0);
  for (unsigned i = 0; i < count; i++) {
    bool last = i == count - 1;
    emit(BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(count - 1 - i), last, values[i]);
  }
  emit_return(answer);
}

/* This answer when the argument has one of these bits; otherwise the program goes on. */
static void emit_if_bits(unsigned argument, uint32_t bits, uint32_t answer) {
  emit_load(argument, 0);
  emit(BPF_JMP | BPF_JSET | BPF_K, 0, 1, bits);
  emit_return(answer);
}

/* This answer when the argument is another; otherwise the program goes on. */
static void emit_unless(unsigned argument, uint32_t value, uint32_t answer) {
  emit_load(argument, 0);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
  emit_return(answer);
}

static void emit_action(enum action action) {
  const uint32_t allow = SECCOMP_RET_ALLOW, ask = SECCOMP_RET_USER_NOTIF, succeed = SECCOMP_RET_ERRNO;
  const uint32_t invalid = SECCOMP_RET_ERRNO | EINVAL;
  switch (action) {
    case UNKNOWN: emit_return(SECCOMP_RET_ERRNO | ENOSYS); break;
    case ALLOWED: emit_return(allow); break;
    case NOTHING: emit_return(succeed); break;
    case UNSUPPORTED: emit_return(SECCOMP_RET_ERRNO | EOPNOTSUPP); break;
    case REFUSED: emit_return(ask); break;
    case BY_CLONE_FLAGS:
      emit_if_bits(0, NAMESPACE_FLAGS, ask);
      emit_return(allow);
      break;
    case BY_ADVICE:
      /* Pages that are merged with equal ones of others tell by their time that those exist. */
      EMIT_IF_ONE_OF(2, invalid, MADV_MERGEABLE, MADV_HWPOISON, MADV_SOFT_OFFLINE);
      emit_return(allow);
      break;
    case BY_OPEN_FLAGS:
    case BY_OPENAT_FLAGS:
      /* Reads past the page cache are work of the host's disks that no limit of a box sees. */
      emit_if_bits(action == BY_OPEN_FLAGS ? 1 : 2, O_DIRECT, invalid);
      emit_return(allow);
      break;
    case BY_FAMILY:
      EMIT_IF_ONE_OF(0, allow, AF_UNIX);
      emit_return(ask);
      break;
    case BY_FCNTL:
      /* As inotify; and marks on files of the image, which the next box could read; a lease outlives its box. */
      EMIT_IF_ONE_OF(1, ask, F_NOTIFY, F_SETLEASE, F_SET_RW_HINT, F_SET_FILE_RW_HINT);
      /* What a stream can hold at its end is then known. */
      EMIT_IF_ONE_OF(1, SECCOMP_RET_ERRNO | EPERM, F_SETPIPE_SZ);
      emit_unless(1, F_SETFL, allow);
      emit_if_bits(2, O_DIRECT, invalid);
      emit_return(allow);
      break;
    case BY_IOCTL:
      EMIT_IF_ONE_OF(1, ask, TIOCSTI, TIOCLINUX);
      /* What a program asks of any stream. File systems, namespaces and devices have hundreds more. */
      EMIT_IF_ONE_OF(1, allow, TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCSWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCGSID, TIOCSCTTY,
                     TIOCNOTTY, TCSBRK, TCXONC, TCFLSH, FIONREAD,
                     TIOCOUTQ, FIONBIO, FIOASYNC, FIOCLEX, FIONCLEX, FIOQSIZE, FIOSETOWN, FIOGETOWN, SIOCATMARK,
                     RNDGETENTCNT);
      emit_return(SECCOMP_RET_ERRNO | ENOTTY);
      break;
    case BY_OPTION:
      /* Programs in the kernel's own language, whose compiled size is limited for the whole machine. */
      EMIT_IF_ONE_OF(2, ask, SO_ATTACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF, SO_ATTACH_REUSEPORT_EBPF);
      emit_return(allow);
      break;
    case BY_PERSONA:
      /* What is set already, a query, and what debuggers and old compilers use. */
      EMIT_IF_ONE_OF(0, allow, 0, 0xffffffff, ADDR_NO_RANDOMIZE);
      emit_return(ask);
      break;
    case BY_PRCTL:
      EMIT_IF_ONE_OF(0, ask, PR_SET_SECCOMP, PR_SCHED_CORE);
      EMIT_IF_ONE_OF(0, invalid, PR_SET_MEMORY_MERGE);
      emit_return(allow);
      break;
    case BY_RESOURCE:
      EMIT_IF_ONE_OF(0, succeed, RLIMIT_CORE);
      emit_return(allow);
      break;
    case BY_RESOURCE_OF:
      /* Without new values it is a query. */
      emit_load(2, 0);
      emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
      emit_load(2, 4);
      emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
      emit_return(allow);
      EMIT_IF_ONE_OF(1, succeed, RLIMIT_CORE);
      emit_return(allow);
      break;
  }
}

struct range {
  uint16_t first;
  uint8_t action;
};

/* Jumps that lead straight to an answer; each answer stands once, at the end. The kernel compiles the
   program anew for every box: a third less of it took 48 us instead of 59. */
static struct {
  uint8_t yes, no; /* an action and one, or 0 */
} answers[COUNT_OF(code)];

static void emit_search(const struct range *ranges, unsigned count);

/* How far the jump has to go for what comes next. */
static uint8_t distance_from(unsigned jump) {
  unsigned distance = program.len - jump - 1;
  if (distance > UINT8_MAX) fail(3, "the system call policy is too long for its jumps");
  return (uint8_t)distance;
}

static void emit_branch(const struct range *ranges, unsigned count, unsigned jump, uint8_t *offset, uint8_t *answer) {
  if (count == 1 && ranges[0].action < BY_CLONE_FLAGS) {
    *answer = ranges[0].action + 1;
    return;
  }
  *offset = distance_from(jump);
  if (count == 1) emit_action(ranges[0].action);
  else emit_search(ranges, count);
}

static void emit_search(const struct range *ranges, unsigned count) {
  unsigned half = count / 2, jump = program.len;
  emit(BPF_JMP | BPF_JGE | BPF_K, 0, 0, ranges[half].first);
  emit_branch(ranges, half, jump, &code[jump].jf, &answers[jump].no);
  emit_branch(ranges + half, count - half, jump, &code[jump].jt, &answers[jump].yes);
}

static void emit_answers(void) {
  unsigned jumps = program.len;
  for (uint8_t action = UNKNOWN; action < BY_CLONE_FLAGS; action++) {
    for (unsigned jump = 0; jump < jumps; jump++) {
      if (answers[jump].yes == action + 1) code[jump].jt = distance_from(jump);
      if (answers[jump].no == action + 1) code[jump].jf = distance_from(jump);
    }
    emit_action(action);
  }
}

void seccomp_compile(void) {
  uint8_t actions[NUMBERS] = {0};
  for (unsigned i = 0; i < COUNT_OF(allowed); i++) actions[allowed[i]] = ALLOWED;
  for (unsigned i = 0; i < COUNT_OF(nothing); i++) actions[nothing[i]] = NOTHING;
  for (unsigned i = 0; i < COUNT_OF(unsupported); i++) actions[unsupported[i]] = UNSUPPORTED;
  for (unsigned i = 0; i < COUNT_OF(counted); i++) actions[counted[i].number] = counted[i].action;
  struct range ranges[NUMBERS];
  unsigned count = 0;
  for (uint16_t number = 0; number < NUMBERS; number++) {
    bool one_of_a_kind = actions[number] >= BY_CLONE_FLAGS;
    if (number == 0 || one_of_a_kind || actions[number] != actions[number - 1])
      ranges[count++] = (struct range){number, actions[number]};
  }
  program.len = 0;
  emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, NATIVE_ARCH);
  emit_return(SECCOMP_RET_KILL_PROCESS);
  emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  emit(BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
  emit_return(SECCOMP_RET_KILL_PROCESS);
#endif
  emit_search(ranges, count);
  emit_answers();
}

int seccomp_load(void) {
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

bool seccomp_refuse_next(int listener, struct refused *refused) {
  struct seccomp_notif call = {0};
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call)) return false;
  struct seccomp_notif_resp answer = {.id = call.id, .error = -EPERM};
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  refused->total++;
  for (unsigned i = 0; i < COUNT_OF(counted); i++)
    if (counted[i].number == call.data.nr) refused->counts[i]++;
  return true;
}

const char *seccomp_refused_name(unsigned kind) {
  return kind < COUNT_OF(counted) ? counted[kind].name : NULL;
}
