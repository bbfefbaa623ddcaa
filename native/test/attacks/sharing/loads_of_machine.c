/*
 * Promise: a box does not see how busy the machine is.
 * Attack: asks for its loads, memory and number of processes (sysinfo), which /proc does not tell.
 * It would show as more processes than the box has.
 */
#include "attack.h"

#include <sys/sysinfo.h>

enum { OWN = 2 };

static int run(void) {
  struct sysinfo info;
  if (sysinfo(&info)) return held("sysinfo: %m");
  return info.procs > OWN ? broken("%d processes, up for %ld s", info.procs, info.uptime) : held("%d processes", info.procs);
}

ATTACK(loads_of_machine, "sharing", "loads of the machine are not seen", .run = run,
       .not_promised = "programs find the size of the memory with the same call, and it can't be answered by parts");
