/*
 * Only the mount calls by descriptor are used: a mount is made detached, gets its flags before
 * anyone can reach it, and is attached in the namespace of the box. No path that a box can
 * influence takes part.
 *
 * /proc is mounted with subset=pid and hidepid=invisible: it has the box's own processes and
 * nothing else (no kcore, keys, sysrq-trigger, sys, interrupts, timers, loads of neighbours), so
 * there is nothing to mask and nothing that a future kernel adds can be forgotten. pid 1 is
 * invisible too. Runtimes find processors and memory by system calls.
 */
#include "sandboxd.h"

#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>

#define QUIET (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

static int set(int fs, const char *key, const char *value) {
  return fsconfig(fs, FSCONFIG_SET_STRING, key, value, 0);
}

int mount_tmpfs(uint64_t bytes, uint64_t inodes, uid_t uid, unsigned mode) {
  char size[24], count[24], owner[16], bits[8];
  snprintf(size, sizeof size, "%llu", (unsigned long long)bytes);
  snprintf(count, sizeof count, "%llu", (unsigned long long)inodes);
  snprintf(owner, sizeof owner, "%u", uid);
  snprintf(bits, sizeof bits, "%o", mode);
  AUTO_CLOSE int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);
  if (fs < 0 || set(fs, "size", size) || set(fs, "nr_inodes", count) || set(fs, "uid", owner) ||
      set(fs, "gid", owner) || set(fs, "mode", bits) || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
    return -1;
  return fsmount(fs, FSMOUNT_CLOEXEC, QUIET);
}

bool resize_tmpfs(int mount, uint64_t bytes, uint64_t inodes) {
  char size[24], count[24];
  snprintf(size, sizeof size, "%llu", (unsigned long long)bytes);
  snprintf(count, sizeof count, "%llu", (unsigned long long)inodes);
  AUTO_CLOSE int fs = fspick(mount, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
  return fs >= 0 && !set(fs, "size", size) && !set(fs, "nr_inodes", count) &&
         !fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
}

int mount_terminals(void) {
  AUTO_CLOSE int fs = fsopen("devpts", FSOPEN_CLOEXEC);
  /* Programs make none themselves: the one that there is has been opened before they start. */
  if (fs < 0 || set(fs, "mode", "600") || set(fs, "ptmxmode", "000") || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
    return -1;
  return fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
}

/* In a user namespace the host's devices are bound, because none can be made. */
static bool make_device(const char *name, dev_t device, bool privileged) {
  char path[32], source[32];
  snprintf(path, sizeof path, "dev/%s", name);
  snprintf(source, sizeof source, "/dev/%s", name);
  if (privileged) return !mknod(path, S_IFCHR | 0666, device) && !chmod(path, 0666);
  AUTO_CLOSE int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  return file >= 0 && !mount(source, path, NULL, MS_BIND, NULL);
}

static const char *make_devices(bool privileged) {
  static const struct {
    const char *name;
    unsigned major, minor;
  } devices[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
  static const char *links[][2] = {{"/proc/self/fd", "dev/fd"},
                                   {"/proc/self/fd/0", "dev/stdin"},
                                   {"/proc/self/fd/1", "dev/stdout"},
                                   {"/proc/self/fd/2", "dev/stderr"},
                                   {"/tmp", "dev/shm"}};
  if (mount("dev", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "size=64k,nr_inodes=32,mode=755") || mkdir("dev/pts", 0755))
    return "a tmpfs for /dev";
  for (unsigned i = 0; i < COUNT_OF(devices); i++)
    if (!make_device(devices[i].name, makedev(devices[i].major, devices[i].minor), privileged)) return "the devices of /dev";
  for (unsigned i = 0; i < COUNT_OF(links); i++)
    if (symlink(links[i][0], links[i][1])) return "the links of /dev";
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
  return mount_setattr(AT_FDCWD, "dev", AT_RECURSIVE, &attributes, sizeof attributes) ? "a read-only /dev" : NULL;
}

const char *mounts_of_slot(const char *images, bool privileged) {
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) return "private mount propagation";
  AUTO_CLOSE int source = open_tree(AT_FDCWD, images, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  /* A box's own /proc may be mounted by an ordinary user only where a whole one is to be seen. */
  AUTO_CLOSE int proc = privileged ? -1 : open_tree(AT_FDCWD, "/proc", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  if (source < 0 || (!privileged && proc < 0)) return "a mount of the images directory";
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | QUIET};
  if (mount_setattr(source, "", AT_EMPTY_PATH, &attributes, sizeof attributes))
    return "a read-only mount of the images directory";
  AUTO_CLOSE int root = mount_tmpfs(65536, 64, 0, 0755);
  /* Any directory can carry the new root; the images directory is one that surely exists. */
  if (root < 0 || move_mount(root, "", AT_FDCWD, images, MOVE_MOUNT_F_EMPTY_PATH) || fchdir(root))
    return "a tmpfs for the slot's root";
  if (mkdir("images", 0755) || mkdir("box", 0755) || mkdir("dev", 0755) || mkdir("proc", 0755) ||
      move_mount(source, "", AT_FDCWD, "images", MOVE_MOUNT_F_EMPTY_PATH) ||
      (proc >= 0 && move_mount(proc, "", AT_FDCWD, "proc", MOVE_MOUNT_F_EMPTY_PATH)))
    return "the directories of the slot's root";
  const char *failed = make_devices(privileged);
  if (failed) return failed;
  if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/")) return "pivot_root of the slot";
  return NULL;
}

/* In a user namespace whoever is not mapped has the overflow uid: root of the host, and everybody else. */
static bool owned_by_us_alone(const struct stat *status, bool privileged) {
  if (!S_ISDIR(status->st_mode) || (status->st_mode & 022)) return false;
  return status->st_uid == 0 || (!privileged && status->st_uid == 65534);
}

bool image_is(const char image[65], bool privileged, const struct image_id *id) {
  char path[96];
  struct stat status;
  snprintf(path, sizeof path, "/images/%s/root", image);
  return !lstat(path, &status) && status.st_dev == id->device && status.st_ino == id->inode &&
         owned_by_us_alone(&status, privileged);
}

int mount_image(const char image[65], bool privileged, struct image_id *id, char *why, size_t why_size) {
  struct stat outer, inner;
  const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  AUTO_CLOSE int images = open("/images", O_PATH | O_DIRECTORY | O_CLOEXEC);
  AUTO_CLOSE int directory = (int)syscall(SYS_openat2, images, image, &how, sizeof how);
  AUTO_CLOSE int root = directory < 0 ? -1 : (int)syscall(SYS_openat2, directory, "root", &how, sizeof how);
  if (root < 0) {
    snprintf(why, why_size, "there is no image %s: %s", image, strerror(errno));
    return -1;
  }
  if (fstat(directory, &outer) || fstat(root, &inner) || !owned_by_us_alone(&outer, privileged) ||
      !owned_by_us_alone(&inner, privileged)) {
    snprintf(why, why_size, "image %s could be changed by others than root, so it is not used", image);
    return -1;
  }
  *id = (struct image_id){inner.st_dev, inner.st_ino};
  int tree = open_tree(root, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
  if (tree < 0) snprintf(why, why_size, "image %s can't be mounted: %s", image, strerror(errno));
  return tree;
}

static int mount_proc(void) {
  AUTO_CLOSE int fs = fsopen("proc", FSOPEN_CLOEXEC);
  if (fs < 0 || set(fs, "subset", "pid") || set(fs, "hidepid", "invisible") ||
      fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
    return -1;
  return fsmount(fs, FSMOUNT_CLOEXEC, QUIET | MOUNT_ATTR_NOEXEC);
}

/* The first to die when memory runs out shall be the box, and only in the box can it be said. In a user namespace of
   the box its one user is an ordinary one. */
static bool prepare_process(int proc, bool privileged) {
  /* These files belong to root while their process is not dumpable; nobody is there yet who could dump it. */
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  bool done = privileged || (!write_text(proc, "self/setgroups", "deny") && !write_text(proc, "self/uid_map", "1000 0 1") &&
                             !write_text(proc, "self/gid_map", "1000 0 1"));
  done = done && !write_text(proc, "self/oom_score_adj", "1000");
  return !prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) && done;
}

static bool attach(int mount, const char *where) {
  return !move_mount(mount, "", AT_FDCWD, where, MOVE_MOUNT_F_EMPTY_PATH);
}

const char *mounts_ahead(bool privileged, int *proc, int *devices) {
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  *proc = mount_proc();
  *devices = open_tree(AT_FDCWD, "/dev", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  if (*devices < 0) return "the devices";
  if (*proc < 0) return "a fresh /proc";
  if (!prepare_process(*proc, privileged)) return "the uid or oom_score_adj of the box";
  return mount_setattr(*proc, "", AT_EMPTY_PATH, &attributes, sizeof attributes) ? "a read-only /proc" : NULL;
}

const char *mounts_of_box(const int fds[BOX_FDS], int proc, int devices, int terminals) {
  if (!attach(fds[BOX_IMAGE], "/box") || chdir("/box")) return "the image as root";
  if (!attach(fds[BOX_WORK], "w")) return "/w (an image needs this empty directory)";
  if (!attach(fds[BOX_TEMPORARY], "tmp")) return "/tmp (an image needs this empty directory)";
  if (!attach(devices, "dev")) return "/dev (an image needs this empty directory)";
  if (!attach(proc, "proc")) return "/proc (an image needs this empty directory)";
  if (terminals >= 0 && !attach(terminals, "dev/pts")) return "/dev/pts";
  if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/w")) return "pivot_root";
  return NULL;
}
