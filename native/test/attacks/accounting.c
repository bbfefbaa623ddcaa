/* Process accounting writes a line for every process of the machine to a file of the caller's choice. */
#define _GNU_SOURCE
#include "refused.h"

#include <unistd.h>

static int run(void) {
  MUST_REFUSE(acct("/w/there/is/no/such/file"));
  return held("accounting is the host's");
}

EVIDENCE("acct=1")

ATTACK(accounting, "kernel", "a box can't have the host's processes logged", .run = run, .check = check,
       .outside.root = true);
