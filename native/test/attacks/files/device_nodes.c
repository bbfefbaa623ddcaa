/*
 * Promise: a box can't make device nodes.
 * Attack: a device node is a way to the device wherever it stands: memory, disks, the host's terminals.
 * It would show as a node.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int run(void) {
  static const struct {
    mode_t kind;
    unsigned major, minor;
  } devices[] = {{S_IFCHR, 1, 1},   {S_IFCHR, 1, 11}, {S_IFCHR, 5, 0}, {S_IFCHR, 10, 229}, {S_IFCHR, 10, 232},
                 {S_IFBLK, 254, 0}, {S_IFBLK, 8, 0},  {S_IFBLK, 7, 0}, {S_IFCHR, 1, 3}};
  static const char *const directories[] = {"/w", "/tmp", "/dev/shm"};
  unsigned made = 0;
  for (unsigned i = 0; i < COUNT_OF(devices); i++) {
    for (unsigned k = 0; k < COUNT_OF(directories); k++) {
      char path[64];
      snprintf(path, sizeof path, "%s/node%u", directories[k], i);
      made += !mknod(path, devices[i].kind | 0666, makedev(devices[i].major, devices[i].minor));
      unlink(path);
    }
  }
  return made ? broken("%u nodes", made) : held("no node");
}

ATTACK(device_nodes, "files", "a box can't make device nodes", .run = run, .outside.root = true);
