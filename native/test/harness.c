/* What every program that tests sandboxd from outside needs: a world of directories with one sandboxd,
   and looks at the processes and cgroups of the host. */
#define _GNU_SOURCE
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct world world;

static bool become_user(void) {
  return !setgroups(0, NULL) && !setresgid(world.user, world.user, world.user) &&
         !setresuid(world.user, world.user, world.user);
}

bool world_start(unsigned slots) {
  char count[8], client[16];
  int ends[2];
  snprintf(count, sizeof count, "%u", slots);
  snprintf(client, sizeof client, "%u", world.user);
  if (pipe2(ends, O_CLOEXEC)) return false;
  world.daemon = fork();
  if (world.daemon == 0) {
    dup2(ends[1], 1);
    if (world.user && !become_user()) _exit(126);
    execl(world.sandboxd, "sandboxd", "--state", world.state, "--run", world.run, "--images", world.images, "--slots",
          count, "--client-uid", client, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  ssize_t got = read(ends[0], world.ready, sizeof world.ready - 1);
  world.ready[got > 0 ? got : 0] = 0;
  close(ends[0]);
  world.slots = slots;
  return !strncmp(world.ready, "{\"ready\":true", 13);
}

int world_stop(void) {
  int status;
  kill(world.daemon, SIGTERM);
  if (waitpid(world.daemon, &status, 0) != world.daemon || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

void world_cgroups(char prefix[32]) {
  char path[128], id[17] = "";
  snprintf(path, sizeof path, "%s/id", world.state);
  read_text(AT_FDCWD, path, id, sizeof id);
  snprintf(prefix, 32, "assay-%s", id);
}

int slot_connect(unsigned slot, uid_t *uid) {
  char path[128];
  snprintf(path, sizeof path, "%s/slot-%u.sock", world.run, slot);
  int client = client_connect(path, 30);
  uint32_t greeted = client < 0 ? 0 : client_hello(client);
  if (uid) *uid = greeted;
  if (greeted) return client;
  close_fd(&client);
  return -1;
}

struct spec inside_spec(const char *argument, ...) {
  const char *argv[16] = {"/bin/inside", argument};
  va_list more;
  va_start(more, argument);
  for (unsigned i = 2; i < COUNT_OF(argv) && argv[i - 1]; i++) argv[i] = va_arg(more, const char *);
  va_end(more);
  return spec_of(world.image, argv);
}

struct outcome run_spec(const struct spec *spec) {
  AUTO_CLOSE int client = slot_connect(0, NULL);
  return client_run(client, spec);
}

int run_host(char *const *argv, char *output, size_t size) {
  int ends[2], status;
  if (pipe2(ends, O_CLOEXEC)) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    execv(argv[0], argv);
    _exit(127);
  }
  close(ends[1]);
  size_t have = 0;
  for (ssize_t got; (got = read(ends[0], output + have, size - 1 - have)) > 0;) have += (size_t)got;
  output[have] = 0;
  close(ends[0]);
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool until(bool (*condition)(const void *), const void *argument) {
  for (unsigned i = 0; i < 5000; i++) {
    if (condition(argument)) return true;
    poll(NULL, 0, 2);
  }
  return false;
}

static bool read_status(pid_t pid, uid_t *uid, pid_t *parent, char *name, size_t size) {
  char path[32], text[4096];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  if (read_text(AT_FDCWD, path, text, sizeof text)) return false;
  char *uids = strstr(text, "\nUid:"), *parents = strstr(text, "\nPPid:"), *state = strstr(text, "\nState:");
  if (!uids || !parents || !state || strchr("ZX", state[8])) return false;
  *uid = (uid_t)strtoul(uids + 5, NULL, 10);
  *parent = (pid_t)strtol(parents + 6, NULL, 10);
  snprintf(name, size, "%.*s", (int)strcspn(text + 6, "\n"), text + 6);
  return true;
}

pid_t find_process(uid_t uid, const char *name) {
  DIR *all = opendir("/proc");
  pid_t found = 0;
  for (struct dirent *entry; !found && (entry = readdir(all));) {
    pid_t pid = atoi(entry->d_name), parent;
    uid_t its;
    char comm[32];
    if (pid <= 0 || !read_status(pid, &its, &parent, comm, sizeof comm)) continue;
    if ((uid == (uid_t)-1 || (its & ~63u) == (uid & ~63u)) && (!name || !strcmp(name, comm))) found = pid;
  }
  closedir(all);
  return found;
}

bool process_is_ready(const void *uid) {
  return find_process(*(const uid_t *)uid, "ready") != 0;
}

bool no_process_of(const void *uid) {
  return find_process(*(const uid_t *)uid, NULL) == 0;
}

pid_t parent_of(pid_t pid) {
  uid_t uid;
  pid_t parent = 0;
  char name[32];
  read_status(pid, &uid, &parent, name, sizeof name);
  return parent;
}

unsigned children_of(pid_t pid, pid_t *children, unsigned most) {
  DIR *all = opendir("/proc");
  unsigned count = 0;
  for (struct dirent *entry; (entry = readdir(all));) {
    pid_t child = atoi(entry->d_name);
    if (child > 0 && count < most && parent_of(child) == pid) children[count++] = child;
  }
  closedir(all);
  return count;
}

static const char *wanted;
static unsigned found_cgroups;

static int look_at(const char *path, const struct stat *status, int kind, struct FTW *where) {
  (void)status, (void)where;
  found_cgroups += kind == FTW_D && strstr(path, wanted);
  return 0;
}

unsigned count_cgroups(const char *name) {
  wanted = name;
  found_cgroups = 0;
  nftw("/sys/fs/cgroup", look_at, 16, FTW_PHYS);
  return found_cgroups;
}

static void copy_program(const char *from, const char *to) {
  char *argv[] = {"/bin/cp", (char *)from, (char *)to, NULL}, output[256];
  if (run_host(argv, output, sizeof output) || chmod(to, 0755)) fail(1, "%s can't be copied: %s", from, output);
}

/* The smallest image: one static program. */
static void make_image(const char *program, const char *name) {
  static const char *directories[] = {"", "/root", "/root/w", "/root/tmp", "/root/dev", "/root/proc", "/root/bin"};
  char path[256];
  memset(world.image, 'a', 64);
  mkdir(world.images, 0755);
  for (unsigned i = 0; i < COUNT_OF(directories); i++) {
    snprintf(path, sizeof path, "%s/%s%s", world.images, world.image, directories[i]);
    if (mkdir(path, 0755)) fail(1, "%s can't be made", path);
  }
  snprintf(path, sizeof path, "%s/%s/root/bin/%s", world.images, world.image, name);
  copy_program(program, path);
}

void world_make(const char *program, const char *name) {
  snprintf(world.directory, sizeof world.directory, "/tmp/sandboxd-test-XXXXXX");
  if (!mkdtemp(world.directory) || chmod(world.directory, 0755)) fail(1, "no temporary directory can be made");
  snprintf(world.state, sizeof world.state, "%s/state", world.directory);
  snprintf(world.run, sizeof world.run, "%s/run", world.directory);
  snprintf(world.images, sizeof world.images, "%s/images", world.directory);
  make_image(program, name);
  /* State and run are made by sandboxd itself; images stay those of root. */
  if (chown(world.directory, world.user, world.user)) fail(1, "%s can't be given to its user", world.directory);
}

void world_remove(void) {
  remove_tree(AT_FDCWD, world.directory);
}
