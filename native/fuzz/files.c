/*
 * The files of a run, written into a work directory, collected and kept. Whatever their paths are,
 * nothing beside the directory changes, and a file that was written is found where it was asked for.
 * Works with the rights of an ordinary user, because it follows what the fuzzer made up.
 */
#define _GNU_SOURCE
#include "sandboxd.h"

#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534
#define MOST_FILES 64

/* DIRECTORY/{work,artifacts,outside/kept} */
static char base[] = "/tmp/assay-fuzz-XXXXXX";
static int home = -1;
static uid_t user;

static void remove_base(void) {
  remove_tree(AT_FDCWD, base);
}

static void make_base(void) {
  user = geteuid() == 0 ? NOBODY : geteuid();
  MUST(mkdtemp(base) && !chmod(base, 0755));
  atexit(remove_base);
  MUST((home = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0);
  MUST(geteuid() != 0 || !fchown(home, user, user));
}

static unsigned count_entries(int directory) {
  DIR *entries = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  unsigned count = 0;
  MUST(entries);
  for (struct dirent *entry; (entry = readdir(entries));) count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
  closedir(entries);
  return count;
}

static int make_directory(const char *name) {
  MUST(!mkdirat(home, name, 0700));
  int directory = openat(home, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  MUST(directory >= 0);
  return directory;
}

static void check_outside(int outside) {
  struct stat status;
  MUST(count_entries(home) == 3 && count_entries(outside) == 1);
  MUST(!fstatat(outside, "kept", &status, AT_SYMLINK_NOFOLLOW) && S_ISREG(status.st_mode) && status.st_size == 0);
}

/* Every path that was written last is there, and is reached without a link. */
static void check_written(int work, struct list files) {
  for (uint32_t i = 0; i < files.count; i++) {
    struct view path = read_view(&files.at, 2);
    read_uint(&files.at, 4);
    read_view(&files.at, 8);
    int fd;
    uint64_t size;
    enum collect_state state = open_collected(work, path, &fd, &size);
    close_fd(&fd);
    MUST(state != COLLECT_MISSING);
  }
}

static void check_collected(int work, int outside, struct list collect) {
  struct stat kept;
  MUST(!fstatat(outside, "kept", &kept, AT_SYMLINK_NOFOLLOW));
  for (uint32_t i = 0; i < collect.count; i++) {
    int fd;
    uint64_t size;
    enum collect_state state = open_collected(work, read_view(&collect.at, 2), &fd, &size);
    struct stat status;
    if (state == COLLECT_OK) MUST(!fstat(fd, &status) && S_ISREG(status.st_mode) && (uint64_t)status.st_size == size && status.st_ino != kept.st_ino);
    close_fd(&fd);
  }
}

/* A copy of a copy has as many entries as the first. */
static void check_kept(int artifacts, int work) {
  uint8_t id[ID_SIZE], second[ID_SIZE];
  struct tree_count count, again;
  struct refusal refusal;
  if (!keep_artifact(artifacts, work, MIB, id, &count)) return;
  int copy = make_directory("copy");
  MUST(use_artifact(artifacts, id, copy, user, &refusal));
  MUST(keep_artifact(artifacts, copy, MIB, second, &again));
  MUST(again.bytes == count.bytes && again.entries == count.entries && again.skipped == 0);
  MUST(forget_artifacts(artifacts, id) == 1);
  static const uint8_t all[ID_SIZE];
  MUST(forget_artifacts(artifacts, all) == 1);
  close(copy);
  MUST(remove_tree(home, "copy"));
}

static void use_files(const struct run_request *run) {
  AUTO_CLOSE int work = make_directory("work"), artifacts = make_directory("artifacts"), outside = make_directory("outside");
  struct refusal refusal = {0};
  close(openat(outside, "kept", O_WRONLY | O_CREAT, 0600));
  if (put_files(work, run->files, user, &refusal)) check_written(work, run->files);
  else MUST(refusal.code == ERROR_BAD_PATH || refusal.code == ERROR_OUT_OF_RANGE);
  check_outside(outside);
  check_collected(work, outside, run->collect);
  check_kept(artifacts, work);
  check_outside(outside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct run_request run;
  struct refusal refusal;
  if (home < 0) make_base();
  if (!parse_run((struct view){data, size}, &run, &refusal) || run.files.count > MOST_FILES) return 0;
  setfsgid(user);
  setfsuid(user);
  use_files(&run);
  setfsuid(geteuid());
  setfsgid(getegid());
  MUST(remove_tree(home, "work") && remove_tree(home, "artifacts") && remove_tree(home, "outside"));
  return 0;
}
