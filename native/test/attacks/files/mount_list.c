/*
 * Promise: a box can't list mounts by call.
 * Attack: lists of mounts name the host's paths and devices.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif

static int run(void) {
  struct {
    uint32_t size, spare;
    uint64_t mount, parameter;
  } request = {.size = 24, .mount = 0xffffffffffffffff /* the root */};
  uint64_t mounts[64];
  struct refusals all = {0};
  TRY(all, syscall(SYS_listmount, &request, mounts, 64, 0));
  TRY(all, syscall(SYS_statmount, &request, mounts, sizeof mounts, 0));
  return refused_all(&all);
}

EVIDENCE("listmount=1", "statmount=1")

ATTACK(mount_list, "files", "a box can't list mounts by call", .run = run, .check = check, .outside.root = true);
