#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* errno of unshare in a child that ends at once. */
static int try_namespace(int flag) {
  pid_t pid = fork();
  if (pid == 0) _exit(unshare(flag) ? errno : 0);
  int status;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return EAGAIN;
  return WEXITSTATUS(status);
}

static int try_seccomp(uint32_t action) {
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ? errno : 0;
}

/* The calls by descriptor, and a /proc that has nothing but processes. */
static int try_mounts(const char *type, const char *key, const char *value) {
  AUTO_CLOSE int fs = fsopen(type, FSOPEN_CLOEXEC);
  if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, key, value, 0)) return errno;
  if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0)) return errno;
  AUTO_CLOSE int mounted = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  if (mounted < 0 || mount_setattr(mounted, "", AT_EMPTY_PATH, &attributes, sizeof attributes)) return errno;
  return 0;
}

static const struct {
  const char *name;
  int flag;
} namespaces[] = {{"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"ipc", CLONE_NEWIPC},
                  {"uts", CLONE_NEWUTS},  {"net", CLONE_NEWNET}, {"cgroup", CLONE_NEWCGROUP}};

const char *probe_required(void) {
  static char sentence[200];
  if (geteuid() != 0) return "sandboxd makes namespaces, mounts and cgroups, so it must be started as root";
  for (unsigned i = 0; i < COUNT_OF(namespaces); i++) {
    int error = try_namespace(namespaces[i].flag);
    if (!error) continue;
    snprintf(sentence, sizeof sentence, "this kernel or container allows no %s namespace: %s", namespaces[i].name, strerror(error));
    return sentence;
  }
  if (try_seccomp(SECCOMP_RET_USER_NOTIF)) return "this kernel has no seccomp with user notification (Linux 5.0)";
  int error = try_mounts("tmpfs", "size", "4096");
  if (!error) error = try_mounts("proc", "subset", "pid");
  if (!error) return NULL;
  snprintf(sentence, sizeof sentence, "the mount calls that boxes need (Linux 5.12) do not work here: %s", strerror(error));
  return sentence;
}

static void print_text(const char *text) {
  if (!text) {
    fputs("null", stdout);
    return;
  }
  putchar('"');
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') putchar('\\');
    if ((unsigned char)*text < 0x20) printf("\\u%04x", *text);
    else putchar(*text);
  }
  putchar('"');
}

static void print_item(const char *name, const char *reason, const char *mend) {
  static bool first = true;
  printf("%s{\"name\":\"%s\",\"ok\":%s,\"reason\":", first ? "" : ",", name, reason ? "false" : "true");
  first = false;
  print_text(reason);
  fputs(",\"mend\":", stdout);
  print_text(reason ? mend : NULL);
  putchar('}');
}

static const char *error_text(int error) {
  return error ? strerror(error) : NULL;
}

static void print_controllers(struct cgroups *cgroups) {
  const char *mend = cgroups->version == 2 ? "start sandboxd as a service with Delegate=yes, or in the top cgroup"
                                           : "mount the cgroup hierarchy, on v1 with this controller";
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char name[32], path[640];
    const char *reason = cgroups->home[i][0] ? NULL : cgroups->missing[i];
    snprintf(name, sizeof name, "cgroup.%s", controller_names[i]);
    snprintf(path, sizeof path, "%s/assay-probe-%d", cgroups->home[i], getpid());
    if (!reason && mkdir(path, 0755)) reason = strerror(errno);
    else if (!reason) rmdir(path);
    print_item(name, reason, mend);
  }
  char swap[640];
  snprintf(swap, sizeof swap, "%s/memory.memsw.limit_in_bytes", cgroups->home[CG_MEMORY]);
  bool accounted = cgroups->home[CG_MEMORY][0] && (cgroups->version == 2 || !access(swap, F_OK));
  print_item("cgroup.swap", accounted ? NULL : "swap is not accounted", "boot with swapaccount=1, or use cgroup v2");
}

void probe_print(void) {
  struct utsname system;
  struct cgroups cgroups;
  uname(&system);
  cgroups_find(&cgroups);
  fputs("{\"version\":1,\"kernel\":", stdout);
  print_text(system.release);
  printf(",\"architecture\":\"%s\",\"root\":%s,\"cgroupVersion\":%d,\"items\":[", system.machine,
         geteuid() ? "false" : "true", cgroups.version);
  /* Children are forked below: what is buffered must not be printed twice. */
  fflush(stdout);
  print_item("root", geteuid() ? "sandboxd was not started as root" : NULL, "start it as root, for example by systemd");
  fflush(stdout);
  for (unsigned i = 0; i < COUNT_OF(namespaces); i++) {
    char name[32];
    snprintf(name, sizeof name, "namespace.%s", namespaces[i].name);
    print_item(name, error_text(try_namespace(namespaces[i].flag)),
               "run as root on the host, or in a container with CAP_SYS_ADMIN and no seccomp profile that forbids unshare");
    fflush(stdout);
  }
  print_item("seccomp.filter", error_text(try_seccomp(SECCOMP_RET_KILL_PROCESS)), "use a kernel with CONFIG_SECCOMP_FILTER");
  print_item("seccomp.notification", error_text(try_seccomp(SECCOMP_RET_USER_NOTIF)), "use Linux 5.0 or newer");
  print_item("mounts.detached", error_text(try_mounts("tmpfs", "size", "4096")), "use Linux 5.12 or newer, as root");
  print_item("mounts.proc", error_text(try_mounts("proc", "subset", "pid")),
             "in a container: let its /proc be unmasked (the kernel refuses a fresh one otherwise)");
  print_controllers(&cgroups);
  puts("]}");
}
