/*
 * Promise: a box can't change the image's pages in memory.
 * Attack: the image's pages in memory are shared by all boxes. Faults of kernels let programs write to
 * them though the file is read-only: by pipes (splice and write), by copies on write that race with
 * their end, by /proc/self/mem. After every way that was ever open the file must read as before.
 * It would show as a file that reads differently.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define SIZE 4096
#define ROUNDS 2000

static char *private;
static int memory = -1;

/* The page of the file goes into a pipe, and what is written after it must not land in the page. */
static void by_pipe(int file) {
  char block[SIZE];
  int ends[2];
  loff_t at = 0;
  memset(block, 'x', sizeof block);
  if (pipe(ends)) return;
  int size = fcntl(ends[1], F_GETPIPE_SZ);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  for (int left = size; left > 0; left -= SIZE)
    if (write(ends[1], block, SIZE) < 0) break;
  for (int left = size; left > 0; left -= SIZE)
    if (read(ends[0], block, SIZE) < 0) break;
  memset(block, 'x', sizeof block);
  if (splice(file, &at, ends[1], NULL, 1, 0) == 1 && write(ends[1], block, 64) < 0) return;
  close(ends[0]);
  close(ends[1]);
}

static void *forget_pages(void *unused) {
  for (unsigned i = 0; i < ROUNDS; i++) madvise(private, SIZE, MADV_DONTNEED);
  return unused;
}

/* Writes to a copy while the copy is thrown away. */
static void by_race(void) {
  pthread_t thread;
  if (memory < 0 || pthread_create(&thread, NULL, forget_pages, NULL)) return;
  for (unsigned i = 0; i < ROUNDS; i++)
    if (pwrite(memory, "xxxx", 4, (off_t)private) < 0) break;
  pthread_join(thread, NULL);
}

static void by_mapping(int file) {
  char *shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) shared = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) return;
  if (!mprotect(shared, SIZE, PROT_READ | PROT_WRITE)) memcpy(shared, "xxxx", 4);
  if (memory >= 0 && pwrite(memory, "xxxx", 4, (off_t)shared) < 0) return;
}

static int corrupt(const char *path) {
  char before[SIZE], after[SIZE];
  int file = open(path, O_RDWR), other = open("/dev/zero", O_RDONLY);
  if (file < 0) file = open(path, O_RDONLY);
  if (file < 0 || pread(file, before, SIZE, 0) != SIZE) return could_not("%s can't be read", path);
  private = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, file, 0);
  memory = open("/proc/self/mem", O_RDWR);
  by_pipe(file);
  by_mapping(file);
  by_race();
  if (copy_file_range(other, NULL, file, &(loff_t){0}, 4, 0) > 0 || sendfile(file, other, NULL, 4) > 0)
    lseek(file, 0, SEEK_SET);
  if (pread(open(path, O_RDONLY), after, SIZE, 0) != SIZE) return could_not("%s can't be read again", path);
  return memcmp(before, after, SIZE) ? broken("%s has changed", path) : held("%s is as before", path);
}

static int run(void) {
  return corrupt("/bin/attacks");
}

/* With a file that may be written: what changes it is seen. */
static int control(void) {
  char block[SIZE] = "own";
  int file = open("own", O_WRONLY | O_CREAT, 0600);
  if (write(file, block, SIZE) != SIZE) return could_not("no file of its own");
  return corrupt("own");
}

ATTACK(page_cache, "files", "a box can't change the image's pages in memory", .run = run, .control = control);
