/* The name of the machine is shared by all processes of a UTS namespace, so by a slot's boxes. */
#define _GNU_SOURCE
#include "refused.h"

#include <unistd.h>

static int run(void) {
  MUST_REFUSE(sethostname("attacked", 8));
  MUST_REFUSE(setdomainname("attacked", 8));
  return held("the names stay");
}

EVIDENCE("sethostname=1", "setdomainname=1")

ATTACK(host_name, "kernel", "a box can't rename the machine", .run = run, .check = check, .outside.root = true);
