#include "sandboxd.h"

#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <sys/wait.h>

static const struct {
  const char *name;
  int flag;
} namespaces[] = {{"user", CLONE_NEWUSER}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"ipc", CLONE_NEWIPC},
                  {"uts", CLONE_NEWUTS},   {"net", CLONE_NEWNET},  {"cgroup", CLONE_NEWCGROUP}};

const char *enter_user_namespace(void) {
  char users[32], groups[32];
  snprintf(users, sizeof users, "0 %u 1", geteuid());
  snprintf(groups, sizeof groups, "0 %u 1", getegid());
  if (unshare(CLONE_NEWUSER)) return "a user namespace";
  if (write_text(AT_FDCWD, "/proc/self/setgroups", "deny") || write_text(AT_FDCWD, "/proc/self/uid_map", users) ||
      write_text(AT_FDCWD, "/proc/self/gid_map", groups))
    return "the uid of a user namespace";
  return NULL;
}

/* The calls by descriptor, and a /proc that has nothing but processes. */
static int try_mount(const char *type, const char *key, const char *value) {
  AUTO_CLOSE int fs = fsopen(type, FSOPEN_CLOEXEC);
  if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, key, value, 0)) return errno;
  if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0)) return errno;
  AUTO_CLOSE int mounted = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  return mounted < 0 || mount_setattr(mounted, "", AT_EMPTY_PATH, &attributes, sizeof attributes) ? errno : 0;
}

/* errno of what a child tries that ends at once: in its own namespace of users where that is needed, in its own one of
   processes where `type` is to be mounted. */
static int try_in_child(int flag, const char *type, const char *key, const char *value) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    if (geteuid() && enter_user_namespace()) _exit(errno);
    if (flag != CLONE_NEWUSER && unshare(flag)) _exit(errno);
    if (!type) _exit(0);
    pid_t inner = fork();
    int ended;
    if (inner == 0) _exit(try_mount(type, key, value));
    _exit(inner < 0 || waitpid(inner, &ended, 0) != inner ? EAGAIN : WEXITSTATUS(ended));
  }
  int status;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return EAGAIN;
  return WEXITSTATUS(status);
}

static int try_seccomp(uint32_t action) {
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ? errno : 0;
}

static const char mend_namespace[] = "run on the host, or in a container with CAP_SYS_ADMIN and no seccomp profile that forbids unshare";
static const char mend_user[] = "start it as root, or allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, "
                                "kernel.apparmor_restrict_unprivileged_userns)";

/* Calls back with each thing that boxes need: its name, null or why it does not work, and what can be done. */
static void look(void (*tell)(const char *name, const char *reason, const char *mend)) {
  for (unsigned i = geteuid() ? 0 : 1; i < COUNT_OF(namespaces); i++) {
    char name[32];
    int error = try_in_child(namespaces[i].flag, NULL, NULL, NULL);
    snprintf(name, sizeof name, "namespace.%s", namespaces[i].name);
    tell(name, error ? strerror(error) : NULL, i ? mend_namespace : mend_user);
  }
  int filter = try_seccomp(SECCOMP_RET_KILL_PROCESS), notification = try_seccomp(SECCOMP_RET_USER_NOTIF);
  tell("seccomp.filter", filter ? strerror(filter) : NULL, "use a kernel with CONFIG_SECCOMP_FILTER");
  tell("seccomp.notification", notification ? strerror(notification) : NULL, "use Linux 5.0 or newer");
  int detached = try_in_child(CLONE_NEWNS | CLONE_NEWPID, "tmpfs", "size", "4096");
  int proc = try_in_child(CLONE_NEWNS | CLONE_NEWPID, "proc", "subset", "pid");
  tell("mounts.detached", detached ? strerror(detached) : NULL, "use Linux 5.12 or newer");
  tell("mounts.proc", proc ? strerror(proc) : NULL, "in a container: let its /proc be unmasked (the kernel refuses a fresh one otherwise)");
}

static char missing[256];

static void note_missing(const char *name, const char *reason, const char *mend) {
  if (reason && !missing[0]) snprintf(missing, sizeof missing, "boxes need %s, which does not work here: %s; %s", name, reason, mend);
}

const char *probe_required(void) {
  look(note_missing);
  return missing[0] ? missing : NULL;
}

uint32_t isolation_of(const struct cgroups *cgroups, bool privileged) {
  uint32_t mask = ISOLATION_NAMESPACES | ISOLATION_NETWORK | ISOLATION_SECCOMP | ISOLATION_NO_CAPABILITIES | ISOLATION_CGROUP_NAMESPACE;
  mask |= privileged ? ISOLATION_UID : ISOLATION_USER_NAMESPACE;
  if (cgroups->home[CG_MEMORY][0]) mask |= ISOLATION_MEMORY;
  if (cgroups->swap) mask |= ISOLATION_SWAP;
  if (cgroups->home[CG_PIDS][0]) mask |= ISOLATION_PROCESSES;
  if (cgroups->home[CG_CPUACCT][0]) mask |= ISOLATION_CPU;
  if (cgroups->version == 2) mask |= ISOLATION_CGROUP_V2;
  /* Whatever has no account is looked at. */
  if (!cgroups->home[CG_MEMORY][0] || !cgroups->home[CG_CPUACCT][0]) mask |= ISOLATION_WATCHED;
  return mask;
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
  printf(",{\"name\":\"%s\",\"ok\":%s,\"reason\":", name, reason ? "false" : "true");
  print_text(reason);
  fputs(",\"mend\":", stdout);
  print_text(reason ? mend : NULL);
  putchar('}');
}

static void print_controllers(const struct cgroups *cgroups) {
  const char *mend = geteuid() ? "start it as root, or as a service of yours with Delegate=yes (cgroup v2)"
                     : cgroups->version == 2 ? "start sandboxd as a service with Delegate=yes, or in the top cgroup"
                                             : "mount the cgroup hierarchy, on v1 with this controller";
  for (int i = 0; i < CG_CONTROLLERS; i++) {
    char name[32];
    snprintf(name, sizeof name, "cgroup.%s", controller_names[i]);
    print_item(name, cgroups->home[i][0] ? NULL : cgroups->missing[i], mend);
  }
  print_item("cgroup.swap", cgroups->swap ? NULL : "swap is not accounted", "boot with swapaccount=1, or use cgroup v2");
}

void probe_print(void) {
  struct utsname system;
  struct cgroups cgroups;
  char id[17];
  uname(&system);
  cgroups_find(&cgroups);
  /* As at a start, and away again. */
  snprintf(id, sizeof id, "probe-%d", getpid());
  cgroups_make(&cgroups, id);
  cgroups_remove(&cgroups);
  fputs("{\"version\":2,\"kernel\":", stdout);
  print_text(system.release);
  printf(",\"architecture\":\"%s\",\"root\":%s,\"cgroupVersion\":%d,\"isolation\":%u,\"items\":[", system.machine,
         geteuid() ? "false" : "true", cgroups.version, isolation_of(&cgroups, geteuid() == 0));
  printf("{\"name\":\"root\",\"ok\":%s,\"reason\":%s,\"mend\":%s}", geteuid() ? "false" : "true",
         geteuid() ? "\"sandboxd was not started as root\"" : "null", geteuid() ? "\"start it as root, for example by systemd\"" : "null");
  look(print_item);
  print_controllers(&cgroups);
  puts("]}");
}
