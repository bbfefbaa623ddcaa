/* Runs a fuzzer's function over files, and over the files of directories: the corpus without libFuzzer. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned replayed;

/* In memory of exactly its size, so that the sanitizer sees a step beyond. */
static void replay(int fd, size_t size) {
  uint8_t *data = malloc(size ? size : 1);
  MUST(data && read(fd, data, size) == (ssize_t)size);
  LLVMFuzzerTestOneInput(data, size);
  free(data);
  replayed++;
}

static void replay_at(int directory, const char *name) {
  AUTO_CLOSE int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (fd < 0 || fstat(fd, &status)) fail(2, "%s can't be opened", name);
  if (S_ISREG(status.st_mode)) {
    replay(fd, (size_t)status.st_size);
    return;
  }
  DIR *entries = fdopendir(dup(fd));
  if (!entries) fail(2, "%s is neither a file nor a directory", name);
  for (struct dirent *entry; (entry = readdir(entries));)
    if (entry->d_name[0] != '.') replay_at(fd, entry->d_name);
  closedir(entries);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) replay_at(AT_FDCWD, argv[i]);
  if (!replayed) fail(2, "usage: replay FILE-OR-DIRECTORY…; there was no file");
  printf("%s: %u inputs, no promise broken\n", argv[0], replayed);
  return 0;
}
