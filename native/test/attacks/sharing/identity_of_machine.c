/*
 * Promise: a box does not learn on which machine it runs, so that two boxes can't find out that they share one.
 * Attack: reads every name and number that tells machines and boots apart.
 * It would show as one that is there.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static int run(void) {
  static const char *const paths[] = {"/etc/machine-id",        "/var/lib/dbus/machine-id", "/etc/hostname",
                                      "/proc/sys/kernel/random/boot_id", "/sys/class/dmi/id/modalias", "/sys/kernel/boot_params",
                                      "/sys/devices/system/cpu/online", "/proc/cmdline", "/sys/class/net/lo/address"};
  struct utsname system;
  uname(&system);
  if (strcmp(system.nodename, "box")) return broken("host name %s", system.nodename);
  if (system.domainname[0] && strcmp(system.domainname, "(none)")) return broken("domain name %s", system.domainname);
  for (unsigned i = 0; i < COUNT_OF(paths); i++)
    if (open(paths[i], O_RDONLY) >= 0) return broken("%s", paths[i]);
  return held("a box like any other");
}

ATTACK(identity_of_machine, "sharing", "names and ids of the machine are not seen", .run = run);
