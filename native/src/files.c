/*
 * A work directory after a run is hostile: links, pipes, sockets, trees of any depth and shape.
 * Everything is reached from the directory's descriptor with openat2, which refuses to follow any
 * link or to leave the directory; what is opened is looked at with fstat before it is read; nothing
 * blocks (O_NONBLOCK); and all of it happens after the last process of the box is dead, so that
 * nothing changes between a look and a use.
 */
#include "sandboxd.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#define DEPTH_MAX 64
#define ENTRIES_MAX 200000

static int open_beneath(int directory, const char *path, uint64_t flags, uint64_t mode) {
  const struct open_how how = {.flags = flags | O_CLOEXEC | O_NOFOLLOW | (flags & O_PATH ? 0 : O_NONBLOCK),
                               .mode = mode,
                               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static bool write_all(int fd, struct view bytes) {
  while (bytes.size > 0) {
    ssize_t put = write(fd, bytes.data, bytes.size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.data += put;
    bytes.size -= (size_t)put;
  }
  return true;
}

int content_file(struct view bytes) {
  int fd = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd >= 0 && write_all(fd, bytes) && lseek(fd, 0, SEEK_SET) == 0 &&
      !fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
    return fd;
  close_fd(&fd);
  return -1;
}

/* The directory that a path's last name is in, made as needed, component by component: a link that an earlier
   entry has made is refused (ELOOP), not followed. */
static int open_parent(int directory, char *path, uid_t uid, char **last) {
  int parent = openat(directory, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  for (char *slash; parent >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
    AUTO_CLOSE int outer = parent;
    *slash = 0;
    bool made = !mkdirat(outer, path, 0755);
    bool good = made ? !fchownat(outer, path, uid, uid, AT_SYMLINK_NOFOLLOW) : errno == EEXIST;
    parent = good ? open_beneath(outer, path, O_PATH | O_DIRECTORY, 0) : -1;
    *slash = '/';
  }
  *last = path;
  return parent;
}

static bool put_file(int directory, char *path, mode_t mode, struct view bytes, uid_t uid) {
  char *name, target[4096];
  AUTO_CLOSE int parent = open_parent(directory, path, uid, &name);
  if (parent < 0 || (unlinkat(parent, name, 0) && errno != ENOENT)) return false;
  if (mode == MODE_LINK) {
    copy_path(bytes, target);
    return !symlinkat(target, parent, name) && !fchownat(parent, name, uid, uid, AT_SYMLINK_NOFOLLOW);
  }
  AUTO_CLOSE int fd = open_beneath(parent, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  return fd >= 0 && write_all(fd, bytes) && !fchown(fd, uid, uid) && !fchmod(fd, mode);
}

bool put_files(int directory, struct list files, uid_t uid, struct refusal *refusal) {
  for (uint32_t i = 0; i < files.count; i++) {
    char path[4096];
    copy_path(read_view(&files.at, 2), path);
    mode_t mode = (mode_t)read_uint(&files.at, 4);
    if (put_file(directory, path, mode, read_view(&files.at, 8), uid)) continue;
    if (errno == ENOSPC) return refuse(refusal, ERROR_OUT_OF_RANGE, "the files do not fit into the disk limit");
    return refuse(refusal, ERROR_BAD_PATH, "%.150s can't be written: %s", path, strerror(errno));
  }
  return true;
}

enum collect_state open_collected(int work, struct view path, int *fd, uint64_t *size) {
  char text[4096];
  struct stat status;
  copy_path(path, text);
  *fd = open_beneath(work, text, O_RDONLY | O_NOCTTY, 0);
  if (*fd < 0) return errno == ENOENT || errno == ENOTDIR ? COLLECT_MISSING : errno == ELOOP ? COLLECT_LINK : COLLECT_NOT_REGULAR;
  if (!fstat(*fd, &status) && S_ISREG(status.st_mode)) {
    *size = (uint64_t)status.st_size;
    return COLLECT_OK;
  }
  close_fd(fd);
  return COLLECT_NOT_REGULAR;
}

static bool copy_bytes(int from, int to, uint64_t size) {
  bool same = true;
  while (size > 0) {
    size_t most = size > 1 << 30 ? 1 << 30 : (size_t)size;
    ssize_t put = same ? copy_file_range(from, NULL, to, NULL, most, 0) : sendfile(to, from, NULL, most);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && same && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)) {
      same = false;
      continue;
    }
    if (put < 0) return false;
    if (put == 0) return !(errno = EIO);
    size -= (uint64_t)put;
  }
  return true;
}

struct copy {
  uint64_t cap;
  uid_t uid;
  struct tree_count *count;
};

static bool copy_tree(const struct copy *copy, int from, int to, int depth);

/* One entry of a directory; what is neither file nor directory is counted and left out. */
static bool copy_entry(const struct copy *copy, int from, int to, const char *name, int depth) {
  struct stat status;
  AUTO_CLOSE int source = -1;
  if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW)) return false;
  bool directory = S_ISDIR(status.st_mode);
  if ((!directory && !S_ISREG(status.st_mode)) || (directory && depth == DEPTH_MAX)) {
    copy->count->skipped++;
    return true;
  }
  if (copy->count->entries == ENTRIES_MAX) return !(errno = EMFILE);
  source = open_beneath(from, name, directory ? O_RDONLY | O_DIRECTORY : O_RDONLY, 0);
  if (source < 0) return false;
  copy->count->entries++;
  mode_t mode = status.st_mode & 0777;
  if (directory) {
    if (mkdirat(to, name, 0700)) return false;
    AUTO_CLOSE int target = open_beneath(to, name, O_RDONLY | O_DIRECTORY, 0);
    return target >= 0 && copy_tree(copy, source, target, depth + 1) && !fchown(target, copy->uid, copy->uid) &&
           !fchmod(target, mode);
  }
  uint64_t size = (uint64_t)status.st_size;
  copy->count->bytes += size;
  if (copy->count->bytes > copy->cap) return !(errno = EFBIG);
  AUTO_CLOSE int target = open_beneath(to, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  return target >= 0 && copy_bytes(source, target, size) && !fchown(target, copy->uid, copy->uid) &&
         !fchmod(target, mode);
}

static bool copy_tree(const struct copy *copy, int from, int to, int depth) {
  int again = open_beneath(from, ".", O_RDONLY | O_DIRECTORY, 0);
  DIR *entries = again < 0 ? NULL : fdopendir(again);
  if (!entries) {
    close_fd(&again);
    return false;
  }
  bool good = true;
  for (struct dirent *entry; good && (entry = readdir(entries));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    good = copy_entry(copy, from, to, entry->d_name, depth);
  }
  int error = errno;
  closedir(entries);
  errno = error;
  return good;
}

bool is_no_id(const uint8_t id[ID_SIZE]) {
  static const uint8_t none[ID_SIZE];
  return !memcmp(id, none, ID_SIZE);
}

bool use_artifact(int artifacts, const uint8_t id[ID_SIZE], int work, uid_t uid, struct refusal *refusal) {
  char name[2 * ID_SIZE + 1];
  hex_text(id, ID_SIZE, name);
  AUTO_CLOSE int source = open_beneath(artifacts, name, O_RDONLY | O_DIRECTORY, 0);
  struct tree_count count = {0};
  const struct copy copy = {UINT64_MAX, uid, &count};
  /* One that is being forgotten loses its name first: with the name still there, all of it was there. */
  if (source >= 0 && copy_tree(&copy, source, work, 0) && !faccessat(artifacts, name, F_OK, AT_SYMLINK_NOFOLLOW)) return true;
  if (errno == ENOSPC) return refuse(refusal, ERROR_OUT_OF_RANGE, "artifact %s does not fit into the disk limit", name);
  /* Also when it is forgotten while it is being copied. */
  if (errno == ENOENT) return refuse(refusal, ERROR_UNKNOWN_ARTIFACT, "there is no artifact %s", name);
  return refuse(refusal, ERROR_PLATFORM, "artifact %s can't be read: %s", name, strerror(errno));
}

bool keep_artifact(int artifacts, int work, uint64_t cap, uint8_t id[ID_SIZE], struct tree_count *count) {
  char name[2 * ID_SIZE + 1], unfinished[2 * ID_SIZE + 5];
  *count = (struct tree_count){0};
  random_bytes(id, ID_SIZE);
  hex_text(id, ID_SIZE, name);
  snprintf(unfinished, sizeof unfinished, "new-%s", name);
  const struct copy copy = {cap, 0, count};
  if (!mkdirat(artifacts, unfinished, 0700)) {
    AUTO_CLOSE int target = open_beneath(artifacts, unfinished, O_RDONLY | O_DIRECTORY, 0);
    if (target >= 0 && copy_tree(&copy, work, target, 0) && !renameat(artifacts, unfinished, artifacts, name))
      return true;
  }
  int error = errno;
  memset(id, 0, ID_SIZE);
  remove_tree(artifacts, unfinished);
  if (error == EFBIG) count->entries = count->skipped = 0;
  else *count = (struct tree_count){0};
  errno = error;
  return false;
}

/* The name goes first, at once, so that no run starts from half of an artifact. */
static bool forget(int artifacts, const char *name) {
  char gone[2 * ID_SIZE + 5];
  snprintf(gone, sizeof gone, "old-%.32s", name);
  return !renameat(artifacts, name, artifacts, gone) && remove_tree(artifacts, gone);
}

uint32_t forget_artifacts(int artifacts, const uint8_t id[ID_SIZE]) {
  char name[2 * ID_SIZE + 1];
  hex_text(id, ID_SIZE, name);
  if (!is_no_id(id)) return forget(artifacts, name);
  uint32_t removed = 0;
  int again = open_beneath(artifacts, ".", O_RDONLY | O_DIRECTORY, 0);
  DIR *entries = again < 0 ? NULL : fdopendir(again);
  for (struct dirent *entry; entries && (entry = readdir(entries));)
    if (strlen(entry->d_name) == 2 * ID_SIZE && strspn(entry->d_name, "0123456789abcdef") == 2 * ID_SIZE)
      removed += forget(artifacts, entry->d_name);
  if (entries) closedir(entries);
  return removed;
}
