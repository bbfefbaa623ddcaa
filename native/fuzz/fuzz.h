/* What the fuzzers share: one entry, which libFuzzer or replay.c calls, and a check that ends the program. */
#pragma once

#include "sandboxd.h"

#include <stdio.h>
#include <stdlib.h>

/* The fuzzer's entry; always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise of the code under test. */
#define MUST(condition)                                                              \
  do {                                                                               \
    if (!(condition)) {                                                              \
      fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                       \
    }                                                                                \
  } while (0)
