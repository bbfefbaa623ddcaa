/* What tests of streams, terminals and held runs need in a box. */
#define _GNU_SOURCE
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Says something, and tells on stderr what it was answered up to the end. */
int do_ask(void) {
  char answer[256];
  if (write(1, first, strlen(first)) < 0) return 1;
  close(1);
  for (ssize_t got; (got = read(0, answer, sizeof answer)) > 0;)
    if (write(2, answer, (size_t)got) != got) return 1;
  return 0;
}

/* The same up to a line's end, with its own end of the pipe left open. */
int do_ask_line(void) {
  char answer[256];
  if (write(1, first, strlen(first)) < 0) return 1;
  ssize_t got = read(0, answer, sizeof answer);
  return got <= 0 || write(2, answer, (size_t)got) != got;
}

int do_close_input(void) {
  close(0);
  puts("closed");
  ready_and_wait();
  return 0;
}

/* From each descriptor after the third but the last into that one. */
int do_gather(void) {
  char piece[64];
  long last = amount() - 1;
  for (int fd = 3; fd < last; fd++)
    for (ssize_t got; (got = read(fd, piece, sizeof piece)) != 0;)
      if (got < 0 || write((int)last, piece, (size_t)got) != got) return 1;
  return 0;
}

static void try_open(const char *path, int flags, const char *as) {
  int fd = open(path, flags | O_NONBLOCK);
  fprintf(stderr, "%s %s %s\n", path, as, fd < 0 ? strerrorname_np(errno) : "ok");
  if (fd >= 0) close(fd);
}

int do_reopen(void) {
  try_open("/dev/stdin", O_RDONLY, "read");
  try_open("/dev/stdout", O_WRONLY, "write");
  try_open("/dev/stdin", O_WRONLY, "write");
  try_open("/dev/stdin", O_RDWR, "both");
  try_open("/dev/stdout", O_RDONLY, "read");
  try_open("/dev/stdout", O_RDWR, "both");
  int again = open("/dev/stdout", O_WRONLY);
  return again < 0 || write(again, "again", 5) != 5;
}

static void print_size(void) {
  struct winsize size;
  if (ioctl(0, TIOCGWINSZ, &size)) return;
  printf("size %u %u %u %u\n", size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);
}

int do_terminal(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  for (int fd = 0; fd < 3; fd++) printf("%d %s\n", isatty(fd), ttyname(fd));
  print_size();
  printf("session %d group %d\n", tcgetsid(0) == getpid(), tcgetpgrp(0) == getpgrp());
  tried("tty", open("/dev/tty", O_RDWR));
  tried("ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY));
  tried("pts/ptmx", open("/dev/pts/ptmx", O_RDWR | O_NOCTTY));
  return tried("push", ioctl(0, TIOCSTI, "x"));
}

/* Tells every line, signal and size until the end of its input. */
int do_interactive(void) {
  char line[256];
  sigset_t all;
  setvbuf(stdout, NULL, _IONBF, 0);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  struct pollfd wait[] = {{.fd = 0, .events = POLLIN}, {.fd = signalfd(-1, &all, 0), .events = POLLIN}};
  puts("begun");
  for (;;) {
    if (poll(wait, 2, -1) < 0) return 1;
    struct signalfd_siginfo info;
    if (wait[1].revents) {
      if (read(wait[1].fd, &info, sizeof info) != sizeof info) return 2;
      if (info.ssi_signo == SIGWINCH) print_size();
      else printf("signal %u\n", info.ssi_signo);
    } else if (wait[0].revents) {
      ssize_t got = read(0, line, sizeof line - 1);
      if (got <= 0) break;
      line[got] = 0;
      printf("line <%.*s>\n", (int)strcspn(line, "\n"), line);
    }
  }
  puts("end");
  return 0;
}

/* A terminal that gives everything and echoes nothing, and that nobody reads. */
int do_stop_input(void) {
  struct termios mode;
  if (tcgetattr(0, &mode)) return 1;
  cfmakeraw(&mode);
  if (tcsetattr(0, TCSANOW, &mode)) return 2;
  puts("stopped");
  ready_and_wait();
  return 0;
}

/* This process and its child each tell one signal that reaches them. */
int do_catch(void) {
  sigset_t all;
  setvbuf(stdout, NULL, _IONBF, 0);
  sigfillset(&all);
  sigdelset(&all, SIGCHLD);
  sigprocmask(SIG_BLOCK, &all, NULL);
  pid_t child = first ? fork() : 0;
  if (!first || child) puts("ready");
  int signal = sigwaitinfo(&all, NULL);
  printf("%s %d\n", first && !child ? "child" : "main", signal);
  if (child > 0) waitpid(child, NULL, 0);
  return 0;
}

int do_affinity(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set)) return 1;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &set)) printf("%d ", cpu);
  return 0;
}

/* Fills its memory with the pages of a file, which the kernel can take back, and with some of its own, and is not
   content with it. */
int do_read_and_fail(void) {
  static char block[65536];
  const size_t size = (size_t)24 << 20, own = size / 2;
  int fd = open(first, O_RDONLY);
  if (fd < 0) return tried("open", -1);
  for (size_t got = 0; got < size; got += sizeof block)
    if (read(fd, block, sizeof block) != sizeof block) return 1;
  char *memory = mmap(NULL, own, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 2;
  /* A page at a time, so that what is charged comes up to the limit. */
  madvise(memory, own, MADV_NOHUGEPAGE);
  for (size_t at = 0; at < own; at += 4096) memory[at] = 1;
  return 7;
}
