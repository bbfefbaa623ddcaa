/* A run whose streams are heard and fed while it lives. */
#pragma once

#include "test.h"

struct live {
  int client;
  uint32_t id;
  uid_t uid;
  bool withhold;          /* output is not told as taken */
  char *heard[FDS_MAX];    /* what has come from each stream, with a NUL after the end */
  size_t size[FDS_MAX];
  uint64_t taken[FDS_MAX]; /* of the input that was sent */
  bool held, over;
  struct outcome outcome; /* when it is over; type 0 = the connection was closed without an answer */
};

struct live live_start(unsigned slot, const struct spec *spec);
/* Receives one frame; false when the run is over. */
bool live_next(struct live *live);
/* Receives until a stream has said this; false when the run is over before. */
bool live_hears(struct live *live, unsigned fd, const char *text);
/* Receives until at least so many bytes of a stream's output or input have come or gone; false as above. */
bool live_has(struct live *live, unsigned fd, size_t size);
bool live_took(struct live *live, unsigned fd, uint64_t size);
/* Receives until a held run says so. */
bool live_is_held(struct live *live);
bool live_says(const struct live *live, unsigned fd, const char *text);
bool live_go(const struct live *live);
/* Receives to the end. */
const struct outcome *live_end(struct live *live);
/* The end is this error, and nothing comes after it. */
bool live_fails(struct live *live, unsigned code);
#define AUTO_LIVE __attribute__((cleanup(live_free)))
void live_free(struct live *live);
