/* Memory that the kernel itself can't see, and that can't be swapped or moved. */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_memfd_secret, 0));
  return refused_all(&all);
}

EVIDENCE("memfd_secret=1")

ATTACK(secret_memory, "kernel", "a box has no memory that its limits can't see", .run = run, .check = check);
