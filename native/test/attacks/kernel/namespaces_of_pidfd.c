/*
 * Promise: a box gets no descriptor of a namespace from a pidfd.
 * Attack: a pidfd hands out descriptors of all namespaces of its process by ioctl, pid 1's included.
 * It would show as a descriptor.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

static int run(void) {
  unsigned given = 0, asked = 0;
  for (int process = 1; process <= 2; process++) {
    int fd = (int)syscall(SYS_pidfd_open, process == 1 ? 1 : getpid(), 0);
    if (fd < 0) continue;
    /* PIDFD_GET_CGROUP_NAMESPACE to PIDFD_GET_UTS_NAMESPACE, and PIDFD_GET_INFO. */
    for (unsigned number = 1; number <= 11; number++, asked++) {
      char information[64] = {1};
      given += ioctl(fd, number == 11 ? _IOWR(0xFF, 11, char[64]) : _IO(0xFF, number), information) >= 0;
    }
    close(fd);
  }
  if (asked == 0) return could_not("there are no pidfds");
  return given ? broken("%u descriptors", given) : held("%u questions, no answer", asked);
}

/* Before Linux 6.11 a pidfd takes no questions, from nobody. */
static int control(void) {
  struct utsname system;
  unsigned major = 0, minor = 0;
  uname(&system);
  sscanf(system.release, "%u.%u", &major, &minor);
  if (major < 6 || (major == 6 && minor < 11)) return broken("Linux %s has nothing that could be held", system.release);
  return run();
}

ATTACK(namespaces_of_pidfd, "kernel", "a box gets no descriptor of a namespace from a pidfd", .run = run,
       .control = control);
