/* Prints times as one JSON object with quantiles in microseconds. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline uint64_t clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline int by_size(const void *a, const void *b) {
  const uint64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static inline double quantile_us(const uint64_t *sorted, unsigned count, double part) {
  return (double)sorted[(unsigned)(part * (count - 1))] / 1000;
}

static inline void print_times(const char *what, uint64_t *times, unsigned count, uint64_t total) {
  qsort(times, count, sizeof *times, by_size);
  printf("{\"what\":\"%s\",\"count\":%u,\"p50us\":%.1f,\"p95us\":%.1f,\"p99us\":%.1f,\"perSecond\":%.1f}\n", what,
         count, quantile_us(times, count, 0.5), quantile_us(times, count, 0.95), quantile_us(times, count, 0.99),
         count / ((double)total / 1e9));
}
