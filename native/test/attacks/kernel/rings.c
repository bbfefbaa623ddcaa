/*
 * Promise: a box has no way around the system call filter by io_uring.
 * Attack: io_uring makes system calls that no filter sees: sockets, opens, even commands of devices.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  struct io_uring_params parameters = {0};
  TRY(all, syscall(SYS_io_uring_setup, 4, &parameters));
  TRY(all, syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0));
  TRY(all, syscall(SYS_io_uring_register, -1, 0, NULL, 0));
  return refused_all(&all);
}

EVIDENCE("io_uring_setup=1", "io_uring_enter=1", "io_uring_register=1")

ATTACK(rings, "kernel", "a box has no way around the system call filter by io_uring", .run = run, .check = check,
       .outside.root = true);
