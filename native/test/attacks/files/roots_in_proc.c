/*
 * Promise: no link of /proc leads to the host's files.
 * Attack: /proc has links to the roots and working directories of processes, which follow no path.
 * It would show as a file of the host.
 */
#define _GNU_SOURCE
#include "suite/host_files.h"

static int run(void) {
  static const char *const ways[] = {
      "/proc/self/root",        "/proc/self/root/..", "/proc/self/cwd/../..",  "/proc/thread-self/root",
      "/proc/1/root",           "/proc/1/cwd",        "/proc/1/root/..",       "/proc/2/root",
      "/proc/self/task/1/root", "/proc/self/fd/0/..", "/proc/self/fd/1/../..", "/dev/fd/3",
      "/dev/fd/4/..",           "/proc/self/exe/..",  "/proc/self/ns/mnt/..",  "/proc/self/net/../../../.."};
  return look_below(ways, COUNT_OF(ways));
}

ATTACK(roots_in_proc, "files", "no link of /proc leads to the host's files", .run = run);
