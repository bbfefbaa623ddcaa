/*
 * Promise: bits that the kernel ignores in an argument don't hide it.
 * Attack: where the kernel takes 32 bits of an argument, a program may set the other 32: a filter must
 * see the same value as the kernel.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WIDE(value) (0x5a5a5a5aUL << 32 | (unsigned)(value))

static int run(void) {
  struct refusals all = {0};
  int directory = open("/", O_RDONLY);
  TRY(all, syscall(SYS_socket, WIDE(AF_INET), WIDE(SOCK_DGRAM), 0));
  TRY(all, syscall(SYS_fcntl, WIDE(directory), WIDE(F_NOTIFY), DN_CREATE));
  TRY(all, syscall(SYS_personality, WIDE(READ_IMPLIES_EXEC)));
  TRY(all, syscall(SYS_ioctl, 1, WIDE(TIOCSTI), "x"));
  TRY(all, syscall(SYS_prctl, WIDE(PR_SET_SECCOMP), -1, 0, 0, 0));
  return refused_all(&all);
}

EVIDENCE("socket=1", "fcntl=1", "personality=1", "ioctl=1", "prctl=1")

ATTACK(wide_arguments, "kernel", "bits that the kernel ignores in an argument don't hide it", .run = run,
       .check = check);
