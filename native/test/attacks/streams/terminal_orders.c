/*
 * Promise: a terminal gives a program what programs need of a terminal, and no power over that of others.
 * Attack: has a terminal, and asks it to take its characters as typed, to load another line discipline into
 * the kernel, to become the console, to give its other end.
 * It would show as an order that is obeyed.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int order(void) {
  int discipline = 2, on = 1;
  char number = 2;
  unsigned obeyed = 0;
  if (!isatty(0)) return could_not("there is no terminal");
  signal(SIGHUP, SIG_IGN);
  obeyed += ioctl(0, TIOCSTI, "x") >= 0;
  obeyed += ioctl(0, TIOCLINUX, &number) >= 0;
  obeyed += ioctl(0, TIOCSETD, &discipline) >= 0;
  obeyed += ioctl(0, TIOCCONS) >= 0;
  obeyed += ioctl(0, TIOCPKT, &on) >= 0;
  obeyed += ioctl(0, TIOCGPTPEER, O_RDWR | O_NOCTTY) >= 0;
  obeyed += ioctl(0, TIOCEXCL) >= 0;
  obeyed += ioctl(0, TIOCVHANGUP) >= 0;
  obeyed += open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0 || open("/dev/pts/ptmx", O_RDWR | O_NOCTTY) >= 0;
  return obeyed ? broken("%u orders", obeyed) : held("none");
}

/* On a terminal of its own. */
static int control(void) {
  int leader = open("/dev/ptmx", O_RDWR | O_NOCTTY), terminal = -1;
  if (leader >= 0 && !grantpt(leader) && !unlockpt(leader)) terminal = open(ptsname(leader), O_RDWR);
  if (terminal < 0 || dup2(terminal, 0) < 0) return could_not("no terminal can be made");
  return order();
}

static void before(struct scene *scene) {
  if (scene->outside) return;
  scene->spec.fds[0] = (struct fd_spec){.kind = FD_TERMINAL, .cap = 65536, .rows = 24, .columns = 80};
  scene->spec.fds[1] = scene->spec.fds[2] = (struct fd_spec){.kind = FD_CAPTURE, .cap = 65536};
  scene->spec.fd_count = 3;
}

ATTACK(terminal_orders, "streams", "a terminal is only a terminal", .run = order, .control = control, .before = before,
       .outside.root = true);
