/*
 * Promise: no lease keeps a file from being collected.
 * Attack: whoever opens a file under a lease waits for its holder to give it up, or is turned away. A
 * holder that is on its way through a socket, in a message that holds the socket itself, outlives its
 * box.
 * It would show as a file that is not collected.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <signal.h>
#include <sys/socket.h>

/* Sends it into a pair of sockets which are sent along. */
static bool bury(int fd) {
  int pair[2];
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(3 * sizeof(int))];
  } rights = {0};
  struct iovec data = {"", 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &rights, .msg_controllen = sizeof rights};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return false;
  rights.header = (struct cmsghdr){CMSG_LEN(3 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&rights.header), (int[]){pair[0], pair[1], fd}, 3 * sizeof(int));
  return sendmsg(pair[0], &message, 0) == 1;
}

static int plant(void) {
  if (!make_file("good", "good", 0644)) return could_not("no file");
  int fd = open("good", O_RDWR);
  if (fcntl(fd, F_SETLEASE, F_WRLCK)) return attempt("a lease", -1);
  return bury(fd) ? held("buried") : could_not("it can't be buried: %s", strerrorname_np(errno));
}

/* The holder is this process. */
static int control(void) {
  signal(SIGIO, SIG_IGN);
  int planted = plant();
  if (planted != HELD) return planted;
  int fd = open("good", O_RDONLY | O_NONBLOCK);
  return fd < 0 && errno == EWOULDBLOCK ? broken("a reader is turned away") : held("a reader gets in");
}

static void before(struct scene *scene) {
  collect(scene, (const char *const[]){"missing", NULL});
}

ATTACK(collect_leased, "files", "no lease keeps a file from being collected", .run = plant, .control = control,
       .before = before, .check = check_only_good);
