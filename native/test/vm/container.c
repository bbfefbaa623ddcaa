/* container [--privileged] COMMAND [ARGUMENT]...

   Runs a command as container engines do: in namespaces of its own, and, unless privileged, with the
   capabilities that engines leave to root, a /proc and a cgroup tree that are covered or read-only,
   and a filter that refuses the calls which make namespaces and mounts. Ends with the command's exit
   code. Its first process buries what the command leaves behind. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define NAMESPACES (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_NEWUSER)

static void must(int result, const char *what) {
  if (result >= 0) return;
  fprintf(stderr, "container: %s: %s\n", what, strerror(errno));
  exit(125);
}

static void bind_read_only(const char *from, const char *to) {
  must(mount(from, to, NULL, MS_BIND, NULL), to);
  must(mount(NULL, to, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), to);
}

static void mount_all(int privileged) {
  static const char *covered[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list"};
  static const char *read_only[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", "/sys"};
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "/");
  must(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/proc");
  must(umount2("/sys/fs/cgroup", MNT_DETACH), "/sys/fs/cgroup");
  if (!privileged) {
    for (unsigned i = 0; i < COUNT_OF(covered); i++)
      if (!access(covered[i], F_OK)) must(mount("/dev/null", covered[i], NULL, MS_BIND, NULL), covered[i]);
    for (unsigned i = 0; i < COUNT_OF(read_only); i++)
      if (!access(read_only[i], F_OK)) bind_read_only(read_only[i], read_only[i]);
  }
  must(mount("cgroup", "/sys/fs/cgroup", "cgroup2", privileged ? 0 : MS_RDONLY, NULL), "/sys/fs/cgroup");
}

static void drop_capabilities(void) {
  static const int left[] = {CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_FOWNER,           CAP_FSETID,  CAP_KILL,      CAP_SETGID, CAP_SETUID,
                             CAP_SETPCAP, CAP_SETFCAP,      CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SYS_CHROOT, CAP_MKNOD,  CAP_AUDIT_WRITE};
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {0};
  for (unsigned i = 0; i < COUNT_OF(left); i++) sets[left[i] / 32].permitted |= 1u << left[i] % 32;
  for (int i = 0; i < 2; i++) sets[i].effective = sets[i].permitted;
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    if (!(sets[capability / 32].permitted & 1u << capability % 32)) must(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "capabilities");
  must((int)syscall(SYS_capset, &header, sets), "capabilities");
}

static void install_filter(void) {
  static const int calls[] = {SYS_mount,  SYS_umount2, SYS_pivot_root, SYS_fsopen,     SYS_fsconfig,      SYS_fsmount,
                              SYS_fspick, SYS_move_mount, SYS_open_tree, SYS_mount_setattr, SYS_unshare, SYS_setns,
                              SYS_bpf,    SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_userfaultfd};
  struct sock_filter program[3 * COUNT_OF(calls) + 16];
  unsigned size = 0;
#define ADD(...) program[size++] = (struct sock_filter)__VA_ARGS__
#define LOAD(field) ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field)))
  LOAD(nr);
  for (unsigned i = 0; i < COUNT_OF(calls); i++) {
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
  LOAD(args[0]);
  ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  struct sock_fprog filter = {(unsigned short)size, program};
  must((int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter), "filter");
}

/* Pid 1 of the container: as the small init that engines offer. */
static int bury(pid_t command) {
  int status, code = 125;
  for (pid_t pid; (pid = wait(&status)) > 0 || errno == EINTR;) {
    if (pid != command) continue;
    code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    break;
  }
  return code;
}

int main(int argc, char **argv) {
  int privileged = argc > 1 && !strcmp(argv[1], "--privileged"), status;
  char **command = argv + 1 + privileged;
  if (!*command) {
    fputs("usage: container [--privileged] COMMAND [ARGUMENT]...\n", stderr);
    return 2;
  }
  must(unshare(NAMESPACES & ~CLONE_NEWUSER), "namespaces");
  pid_t init = fork();
  must(init, "fork");
  if (init > 0) return waitpid(init, &status, 0) == init && WIFEXITED(status) ? WEXITSTATUS(status) : 125;
  mount_all(privileged);
  if (!privileged) {
    /* The filter needs a privilege that the container has not, and must not bring no_new_privs. */
    install_filter();
    drop_capabilities();
  }
  pid_t child = fork();
  must(child, "fork");
  if (child > 0) return bury(child);
  execvp(command[0], command);
  must(-1, command[0]);
}
