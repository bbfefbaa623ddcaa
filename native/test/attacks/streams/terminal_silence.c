/*
 * Promise: a terminal does not hold sandboxd up, nor let a program count less than it wrote.
 * Attack: stops the terminal's output, makes it echo and answer itself, changes its size without end, floods it,
 * and leaves a process behind that goes on with that.
 * It would show as an outcome that does not come in time, or as a process that is alive after it.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROUNDS 2000

static void flood(unsigned rounds) {
  char block[512];
  memset(block, '\n', sizeof block);
  fcntl(0, F_SETFL, O_NONBLOCK);
  for (unsigned i = 0; i < rounds; i++) {
    struct winsize size = {.ws_row = (unsigned short)i, .ws_col = (unsigned short)~i};
    ioctl(0, TIOCSWINSZ, &size);
    if (write(0, block, sizeof block) < 0) usleep(10);
  }
}

static int hold_up(void) {
  struct termios mode;
  if (tcgetattr(0, &mode)) return could_not("there is no terminal");
  signal(SIGHUP, SIG_IGN);
  mode.c_iflag |= IXON | IXANY;
  mode.c_lflag |= ECHO | ECHOCTL;
  tcsetattr(0, TCSANOW, &mode);
  flood(ROUNDS);
  tcflow(0, TCOOFF);
  tcflow(0, TCIOFF);
  if (fork() == 0) {
    setsid();
    for (;;) flood(ROUNDS);
  }
  /* Who reads the other end gets no more from here on. */
  fcntl(0, F_SETFL, O_NONBLOCK);
  return write(0, "x", 1) < 0 ? broken("the terminal is silent for its reader") : held("it is not silent");
}

static int run(void) {
  hold_up();
  return held("stopped and flooded");
}

/* On a terminal of its own, whose reader waits for nothing. */
static int control(void) {
  int leader = open("/dev/ptmx", O_RDWR | O_NOCTTY), terminal = -1;
  if (leader >= 0 && !grantpt(leader) && !unlockpt(leader)) terminal = open(ptsname(leader), O_RDWR);
  if (terminal < 0 || dup2(terminal, 0) < 0) return could_not("no terminal can be made");
  return hold_up();
}

static void before(struct scene *scene) {
  if (scene->outside) return;
  scene->spec.fds[0] = (struct fd_spec){.kind = FD_TERMINAL, .cap = 65536, .rows = 24, .columns = 80};
  scene->spec.fds[1] = scene->spec.fds[2] = (struct fd_spec){.kind = FD_CAPTURE, .cap = 65536};
  scene->spec.fd_count = 3;
}

ATTACK(terminal_silence, "streams", "a terminal holds nobody up", .run = run, .control = control, .before = before);
