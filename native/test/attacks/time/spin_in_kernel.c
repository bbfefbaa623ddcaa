/*
 * Promise: time that the kernel works for a program counts.
 * Attack: system calls without end, most of whose time is the kernel's.
 * It would show as more CPU time than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 100 };

static int run(void) {
  while (cpu_used() < patience_ms(LIMIT) * MS) {
    char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    munmap(memory, MIB);
  }
  return broken("more than %u ms of CPU time", LIMIT);
}

ATTACK(spin_in_kernel, "time", "time in the kernel counts", .run = run, .limits = {.cpu = LIMIT * MS},
       .ends = STATUS(CPU_LIMIT));
