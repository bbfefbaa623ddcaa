/*
 * Promise: a box learns nothing of interfaces by a socket.
 * Attack: any socket, also a unix one, answers questions about the interfaces of its network namespace,
 * and takes orders about them from who has the power.
 * It would show as an answer.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int run(void) {
  static const unsigned long requests[] = {SIOCGIFNAME,   SIOCGIFINDEX,  SIOCGIFFLAGS, SIOCGIFMTU,
                                           SIOCGIFHWADDR, SIOCGIFTXQLEN, SIOCSIFFLAGS};
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  unsigned answered = 0;
  if (fd < 0) return could_not("no socket");
  for (unsigned i = 0; i < COUNT_OF(requests); i++) {
    struct ifreq question = {.ifr_name = "lo"};
    if (i == 0) question.ifr_ifindex = 1;
    answered += ioctl(fd, requests[i], &question) == 0 || errno != ENOTTY;
  }
  return answered ? broken("%u answers", answered) : held("no answer");
}

ATTACK(interfaces, "network", "a box learns nothing of interfaces by a socket", .run = run);
