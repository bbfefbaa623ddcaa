#include "sandboxd.h"

#include <sys/file.h>

#define LOCK_SECONDS 10
#define UID_BLOCKS 1024

static void on_alarm(int signal) {
  (void)signal;
}

/* Every supervisor holds the lock too, so it is free only when all of them are gone. */
static bool lock_within(int fd, unsigned seconds) {
  struct sigaction action = {.sa_handler = on_alarm}, old;
  sigaction(SIGALRM, &action, &old);
  alarm(seconds);
  int locked = flock(fd, LOCK_EX);
  int error = errno;
  alarm(0);
  sigaction(SIGALRM, &old, NULL);
  errno = error;
  return !locked;
}

static void read_id(struct state *state) {
  if (!read_text(state->directory, "id", state->id, sizeof state->id) && strlen(state->id) == 16 &&
      strspn(state->id, "0123456789abcdef") == 16)
    return;
  uint8_t random[8];
  random_bytes(random, sizeof random);
  hex_text(random, sizeof random, state->id);
  AUTO_CLOSE int fd = openat(state->directory, "id", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, state->id, 16) != 16) fail(3, "the state directory can't be written: %s", strerror(errno));
}

void state_open(struct state *state, const char *path) {
  *state = (struct state){.directory = -1, .lock = -1, .uid_lock = -1};
  struct stat status;
  if (mkdir(path, 0700) && errno != EEXIST) fail(3, "the state directory %s can't be made: %s", path, strerror(errno));
  state->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state->directory < 0 || fstat(state->directory, &status))
    fail(3, "the state directory %s can't be opened: %s", path, strerror(errno));
  if (status.st_uid != geteuid() || (status.st_mode & 022))
    fail(3, "the state directory %s must belong to whoever starts sandboxd and be writable by nobody else", path);
  state->lock = openat(state->directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (state->lock < 0) fail(3, "the state directory %s can't be locked: %s", path, strerror(errno));
  if (!lock_within(state->lock, LOCK_SECONDS))
    fail(3, "another sandboxd uses the state directory %s; end it first or name another directory", path);
  read_id(state);
}

bool state_recover(const struct state *state) {
  char notes[8192], path[700];
  bool clean = true;
  if (!read_text(state->directory, "cgroups", notes, sizeof notes)) {
    for (char *rest = notes, *line; (line = strsep(&rest, "\n"));) {
      if (*line != '/' || strlen(line) > 600) continue;
      snprintf(path, sizeof path, "%s/assay-%s", line, state->id);
      bool removed = cgroup_clean(path, "");
      if (!removed) warn("%s of an earlier sandboxd could not be removed", path);
      clean &= removed;
    }
    if (clean) unlinkat(state->directory, "cgroups", 0);
  }
  if (remove_tree(state->directory, "artifacts")) return clean;
  warn("artifacts of an earlier sandboxd could not be removed: %s", strerror(errno));
  return false;
}

void state_note_cgroups(const struct state *state, const struct cgroups *cgroups) {
  AUTO_CLOSE int fd = openat(state->directory, "cgroups", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  for (int i = 0; i < CG_CONTROLLERS; i++)
    if (cgroups->home[i][0] && dprintf(fd, "%s\n", cgroups->home[i]) < 0)
      fail(3, "the state directory can't be written: %s", strerror(errno));
  if (cgroups->version == 2 && dprintf(fd, "%s\n", cgroups->top) < 0)
    fail(3, "the state directory can't be written: %s", strerror(errno));
}

int state_directory(const struct state *state, const char *name) {
  if (mkdirat(state->directory, name, 0700) && errno != EEXIST) fail(3, "the directory of %s can't be made: %s", name, strerror(errno));
  int directory = openat(state->directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (directory < 0) fail(3, "the directory of %s can't be opened: %s", name, strerror(errno));
  return directory;
}

void state_take_uids(struct state *state) {
  if ((mkdir("/run/assay", 0755) && errno != EEXIST) || (mkdir("/run/assay/uids", 0755) && errno != EEXIST))
    fail(3, "/run/assay/uids can't be made: %s", strerror(errno));
  for (unsigned block = 0; block < UID_BLOCKS;) {
    struct stat status;
    snprintf(state->uid_lock_path, sizeof state->uid_lock_path, "/run/assay/uids/%u", block);
    int fd = open(state->uid_lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) fail(3, "%s can't be opened: %s", state->uid_lock_path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB)) {
      close(fd);
      block++;
      continue;
    }
    /* Its last owner may have removed the name between our open and our lock: try it again. */
    if (fstat(fd, &status) || status.st_nlink == 0) {
      close(fd);
      continue;
    }
    state->uid_lock = fd;
    state->uid_block = block;
    return;
  }
  fail(3, "all %d blocks of uids are in use", UID_BLOCKS);
}

void state_close(struct state *state) {
  unlinkat(state->directory, "cgroups", 0);
  if (!remove_tree(state->directory, "artifacts")) warn("artifacts could not be removed: %s", strerror(errno));
  if (state->uid_lock >= 0) unlink(state->uid_lock_path);
}
