/* Files into a box before it starts and out of it after it is dead; artifacts between boxes. */
#pragma once

#include "util.h"
#include "wire.h"

/* A sealed memory file with these bytes, at its start; or -1 and errno. */
int input_file(struct view bytes);

/* Writes the request's files below the directory; false and a refusal if one can't be written. */
bool put_files(int directory, struct list files, uid_t uid, struct refusal *refusal);

enum collect_state { COLLECT_OK, COLLECT_MISSING, COLLECT_NOT_REGULAR, COLLECT_TOO_LARGE };

/* Opens a regular file of a work directory that a dead box left, whatever it put there. */
enum collect_state open_collected(int work, struct view path, int *fd, uint64_t *size);

/* What copying of a tree did. */
struct tree_count {
  uint64_t bytes;
  uint32_t entries, skipped;
};

/* Copies an artifact into a work directory; false and a refusal. */
bool use_artifact(int artifacts, const uint8_t id[ARTIFACT_SIZE], int work, uid_t uid, struct refusal *refusal);

/* Makes a work directory a new artifact. False: `count.bytes` > cap when it is too large, else errno
   says what failed. */
bool keep_artifact(int artifacts, int work, uint64_t cap, uint8_t id[ARTIFACT_SIZE], struct tree_count *count);

/* Removes one artifact, or all if the id is zero; how many were removed. */
uint32_t forget_artifacts(int artifacts, const uint8_t id[ARTIFACT_SIZE]);

bool artifact_is_none(const uint8_t id[ARTIFACT_SIZE]);
