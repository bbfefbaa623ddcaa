/* What an attack says about itself, in the box and outside. */
#define _GNU_SOURCE
#include "../attack.h"
#include "suite.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const *arguments = (const char *const[]){NULL};

void set_arguments(const char *const *all) {
  arguments = all;
}

const char *argument(unsigned index) {
  for (unsigned i = 0; arguments[i]; i++)
    if (i == index) return arguments[i];
  return NULL;
}

#define SAY(answer)               \
  va_list values;                 \
  va_start(values, format);       \
  vprintf(format, values);        \
  va_end(values);                 \
  putchar('\n');                  \
  fflush(stdout);                 \
  return answer

int held(const char *format, ...) {
  SAY(HELD);
}

int broken(const char *format, ...) {
  SAY(BROKEN);
}

int could_not(const char *format, ...) {
  SAY(COULD_NOT);
}

int attempt(const char *what, long result) {
  return result < 0 ? held("%s: %s", what, strerrorname_np(errno)) : broken("%s succeeded", what);
}

void ready(void) {
  fflush(stdout);
  prctl(PR_SET_NAME, "ready");
  for (;;) pause();
}
