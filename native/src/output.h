/* What a program writes: captured up to a cap, counted beyond it. */
#pragma once

#include "util.h"

struct capture {
  int fd;   /* the reading end, non-blocking; -1 after the end */
  int null; /* where the rest goes */
  uint8_t *data;
  size_t size, room;
  uint64_t cap, total;
};

/* Makes a pipe for it; the writing end, or -1 and errno. What passes the cap goes to `null`. */
int capture_open(struct capture *capture, uint64_t cap, int null);
/* Reads what is there now. False when the other end is closed. */
bool capture_read(struct capture *capture);
/* Takes the rest after all writers are dead, closes the pipe. */
void capture_finish(struct capture *capture);
/* Forgets the bytes; memory beyond a small buffer is given back. */
void capture_reset(struct capture *capture);
