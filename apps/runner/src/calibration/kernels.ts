/** What a speed is made of: each is a run of `kernelSource` with its name. */
export const kernels = ["integer", "memory", "branches"] as const;
export type Kernel = (typeof kernels)[number];

/**
 * CPU time of each kernel on the reference machine, ms: the smallest of 30 runs in boxes on an Intel
 * Xeon (x86-64, 2 processors, Linux 6.18), compiled with gcc 12.2 as the catalogue compiles C. A machine that
 * takes the same has the speed factor 1. They are never changed together with a kernel or the compiler
 * alone: factors of older results would mean something else.
 */
export const referenceMs: Readonly<Record<Kernel, number>> = { integer: 24, memory: 55, branches: 41 };

/**
 * Three small programs in one: dependent multiplications and divisions, reads all over 16 MiB, which no
 * second-level cache holds, and comparisons that no predictor foresees. They depend on nothing but the
 * processor and its memory, and take some tens of ms each.
 */
export const kernelSource = `\
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static uint64_t integer(void) {
  uint64_t sum = 0, value = 3;
  for (int i = 0; i < 12000000; i++) {
    value = value * 6364136223846793005u + 1442695040888963407u;
    sum += (value >> 33) % (uint64_t)(1000 + (i & 7));
  }
  return sum;
}

enum { CELLS = 1 << 22 };
static uint32_t cells[CELLS];

static uint64_t memory(void) {
  for (uint32_t i = 0; i < CELLS; i++) cells[i] = i * 2654435761u;
  uint64_t sum = 0;
  uint32_t at = 0;
  for (uint32_t i = 0; i < 300000; i++) {
    at = (cells[at] + i * 7919u) % CELLS;
    sum += at;
  }
  return sum;
}

static int order(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static uint64_t branches(void) {
  enum { VALUES = 400000 };
  static uint32_t values[VALUES];
  for (int i = 0; i < VALUES; i++) values[i] = (uint32_t)next();
  qsort(values, VALUES, sizeof values[0], order);
  uint64_t sum = 0;
  for (int i = 0; i < VALUES; i += 7) sum += values[i];
  return sum;
}

int main(int count, char **words) {
  uint64_t sum = 0;
  if (count > 1 && strcmp(words[1], "integer") == 0) sum = integer();
  else if (count > 1 && strcmp(words[1], "memory") == 0) sum = memory();
  else if (count > 1 && strcmp(words[1], "branches") == 0) sum = branches();
  else return 1;
  /* Printed, so that no compiler leaves out what nobody asks for. */
  printf("%llu\\n", (unsigned long long)sum);
  return 0;
}
`;
