/* Moving pages between the memories of processors tells where they are, and works on other processes. */
#define _GNU_SOURCE
#include "refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  MUST_REFUSE(syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0));
  MUST_REFUSE(syscall(SYS_migrate_pages, 0, 0, NULL, NULL));
  return held("pages stay");
}

EVIDENCE("move_pages=1", "migrate_pages=1")

ATTACK(page_moving, "kernel", "a box can't move pages of memory", .run = run, .check = check);
