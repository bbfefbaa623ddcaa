/* Swap belongs to the host: a box could write to its disks with it, or take it from everybody. */
#define _GNU_SOURCE
#include "refused.h"

#include <sys/swap.h>
#include <unistd.h>

static int run(void) {
  MUST_REFUSE(swapon(NULL, 0));
  MUST_REFUSE(swapoff(NULL));
  return held("swap is the host's");
}

EVIDENCE("swapon=1", "swapoff=1")

ATTACK(swap, "kernel", "a box can't add or remove swap", .run = run, .check = check, .outside.root = true);
