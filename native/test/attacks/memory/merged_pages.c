/*
 * Promise: no page of a box is joined with an equal one of others, whose time of writing would tell that it was.
 * Attack: offers its memory for merging (madvise, prctl).
 * It would show as a call that succeeds; whether pages are merged then is up to the host.
 */
#include "resources.h"

#include <sys/mman.h>
#include <sys/prctl.h>

static int run(void) {
  void *memory = touched(MIB);
  return memory ? attempt("MADV_MERGEABLE", madvise(memory, MIB, MADV_MERGEABLE)) : could_not("1 MiB: %m");
}

ATTACK(merged_pages, "memory", "memory is not offered for merging", .run = run);
