/*
 * Promise: boxes can't tell each other anything through files of the image.
 * Attack: one box waits (futex) at a place of a file that it has mapped; another one wakes whoever waits there.
 * It would show as somebody who was woken.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint32_t *map(void) {
  void *place = mmap(NULL, 4096, PROT_READ, MAP_SHARED, open("/proc/self/exe", O_RDONLY), 0);
  return place == MAP_FAILED ? NULL : place;
}

static noreturn void *wait_there(void *place) {
  for (;;) syscall(SYS_futex, place, FUTEX_WAIT, *(uint32_t *)place, NULL, NULL, 0);
}

static int victim(void) {
  pthread_t thread;
  uint32_t *place = map();
  if (!place || pthread_create(&thread, NULL, wait_there, place)) return could_not("nowhere to wait: %m");
  ready();
}

/* The victim may be on its way to its place still. */
static int run(void) {
  uint32_t *place = map();
  if (!place) return could_not("no place: %m");
  for (int i = 0; i < 1000; i++) {
    long woken = syscall(SYS_futex, place, FUTEX_WAKE, 1, NULL, NULL, 0);
    if (woken > 0) return broken("%ld woken", woken);
    poll(NULL, 0, 1);
  }
  return held("nobody waits there");
}

ATTACK(futex_on_image, "sharing", "nobody can be woken through files of the image", .run = run, .victim = victim, .alone = true,
       .not_promised = "boxes of one image share its inodes, and what is mapped from an inode is one place");
