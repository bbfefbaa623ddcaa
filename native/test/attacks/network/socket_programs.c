/*
 * Promise: a box can't load programs by its sockets.
 * Attack: programs on sockets are compiled into the kernel, whose memory for them is one for the whole
 * machine.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/filter.h>
#include <sys/socket.h>

static int run(void) {
  struct sock_filter code = {BPF_RET | BPF_K, 0, 0, 1};
  struct sock_fprog program = {1, &code};
  struct refusals all = {0};
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0), none = -1;
  TRY(all, setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
  TRY(all, setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &none, sizeof none));
  TRY(all, setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program));
  TRY(all, setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &none, sizeof none));
  return refused_all(&all);
}

EVIDENCE("setsockopt=4")

ATTACK(socket_programs, "network", "a box can't load programs by its sockets", .run = run, .check = check,
       .outside.root = true);
