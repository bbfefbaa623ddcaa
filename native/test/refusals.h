/* What a slot answers to what it can't serve. */
#pragma once

#include "test.h"

enum { MALFORMED = 1, TOO_LARGE, UNKNOWN_IMAGE, UNKNOWN_ARTIFACT, BAD_PATH, OUT_OF_RANGE, BUSY, VERSION };

bool still_serves(int client);
bool is_closed(int client);
void put_length(struct writer *frame, uint32_t length);
/* Raw bytes after a hello: the code of the answer, and whether the connection is closed after it, or else is broken. */
unsigned answer_to(const struct writer *bytes, bool *closed);
/* Checks that this run is refused with a sentence, and that the connection stays usable. */
void check_refused(const struct spec *spec, unsigned code, const char *what);
