/*
 * Promise: a box can't rename the machine.
 * Attack: the name of the machine is shared by all processes of a UTS namespace, so by a slot's boxes.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, sethostname("attacked", 8));
  TRY(all, setdomainname("attacked", 8));
  return refused_all(&all);
}

EVIDENCE("sethostname=1", "setdomainname=1")

ATTACK(host_name, "kernel", "a box can't rename the machine", .run = run, .check = check, .outside.root = true);
