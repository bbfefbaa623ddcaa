/*
 * Promise: a program in the middle of a long system call ends at its limit.
 * Attack: threads in the largest calls that do nothing but work: sendfile from /dev/zero, reads of a hole into one
 * place again and again, random bytes, advice about a huge mapping.
 * It would show as calls that all come to their end.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WALL = 200, THREADS = 8, PARTS = 1024 };

static uint64_t end;

static void read_hole(void) {
  static char block[1 << 16];
  struct iovec parts[PARTS];
  AUTO_CLOSE int fd = open("hole", O_RDWR | O_CREAT, 0600);
  for (unsigned i = 0; i < PARTS; i++) parts[i] = (struct iovec){block, sizeof block};
  if (!ftruncate(fd, (off_t)PARTS * (off_t)sizeof block)) preadv(fd, parts, PARTS, 0);
}

static void *call(void *number) {
  int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);
  char *memory = mmap(NULL, (size_t)1 << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  for (unsigned turn = (unsigned)(uintptr_t)number; now_ns() < end; turn++) {
    switch (turn % 3) {
      case 0: sendfile(null, zero, NULL, (size_t)1 << 31); break;
      case 1: read_hole(); break;
      default: madvise(memory, (size_t)1 << 40, MADV_COLD); break;
    }
  }
  return NULL;
}

static int run(void) {
  pthread_t threads[THREADS];
  end = now_ns() + patience_ms(WALL) * MS;
  for (uintptr_t i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, call, (void *)i)) return could_not("a thread");
  for (unsigned i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return broken("calls go on after %u ms", patience_ms(WALL));
}

ATTACK(long_calls, "time", "long calls end at the limit", .run = run, .limits = {.wall = WALL * MS, .file = 64 * MIB},
       .ends = STATUS(WALL_LIMIT) | STATUS(CPU_LIMIT));
