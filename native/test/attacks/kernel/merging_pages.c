/*
 * Promise: a box can't find out what is in its neighbours' memory.
 * Attack: asks the kernel to merge pages that are equal to others of the machine (KSM): writing to a merged
 * page takes longer, which tells that somebody else has the same.
 * It would show as the kernel's consent.
 */
#define _GNU_SOURCE
#include "../attack.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static int run(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return could_not("no memory");
  return madvise(page, 4096, MADV_MERGEABLE) ? held("madvise: %s", strerrorname_np(errno)) : broken("its pages may be merged");
}

/* A kernel without KSM knows no such advice; then any consent shows that the answer is heard. */
static int control(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (run() == BROKEN) return BROKEN;
  return madvise(page, 4096, MADV_NORMAL) ? could_not("no advice is taken") : broken("advice is taken, but this kernel merges no pages");
}

ATTACK(merging_pages, "kernel", "a box's memory is not merged with others'", .run = run, .control = control);
