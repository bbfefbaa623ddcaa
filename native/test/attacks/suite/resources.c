#define _GNU_SOURCE
#include "../resources.h"
#include "suite.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t cpu_used(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

void burn_cpu(uint64_t until) {
  while (cpu_used() < until)
    for (volatile unsigned i = 0; i < 10000; i++) continue;
}

void sleep_ms(unsigned ms) {
  struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) && errno == EINTR) continue;
}

unsigned patience_ms(unsigned limit_ms) {
  return getenv("OUTSIDE") ? 3 * limit_ms : 60000;
}

void touch(void *memory, size_t size) {
  for (size_t at = 0; at < size; at += 4096) ((volatile char *)memory)[at] = 1;
}

void *touched(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  touch(memory, size);
  return memory;
}

struct shared *shared_counter(void) {
  void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) exit(could_not("a shared counter: %m"));
  return memory;
}

void raise_soft_limit(int resource) {
  struct rlimit limit;
  if (getrlimit((__rlimit_resource_t)resource, &limit)) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit((__rlimit_resource_t)resource, &limit);
}

void check_memory_peak(struct scene *scene) {
  uint64_t limit = scene->spec.limits.memory;
  if (!scene->outside && scene->outcome.memory > limit + MIB)
    scene_broken(scene, "peak of %llu bytes with a limit of %llu", (unsigned long long)scene->outcome.memory,
                 (unsigned long long)limit);
}

void check_process_peak(struct scene *scene) {
  const struct outcome *outcome = &scene->outcome;
  if (scene->outside) return;
  if (outcome->processes > scene->spec.limits.processes) scene_broken(scene, "peak of %u processes", outcome->processes);
  else if (outcome->hits == 0) scene_broken(scene, "the limit was not counted as hit");
}

void check_kept_output(struct scene *scene) {
  const struct outcome *outcome = &scene->outcome;
  if (scene->outside) return;
  if (outcome->out_size > scene->spec.stdout_cap) scene_broken(scene, "%zu bytes of stdout are kept", outcome->out_size);
  if (outcome->err_size > scene->spec.stderr_cap) scene_broken(scene, "%zu bytes of stderr are kept", outcome->err_size);
}
