/*
 * Promise: a box has no keyrings.
 * Attack: keyrings belong to users and sessions, not to namespaces: a key outlives its box, reaches
 * other boxes of the uid, and counts against limits of the whole machine.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_add_key, "user", "assay", "secret", 6, KEY_SPEC_PROCESS_KEYRING));
  TRY(all, syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
  TRY(all, syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "assay"));
  TRY(all, syscall(SYS_request_key, "user", "assay", NULL, 0));
  return refused_all(&all);
}

EVIDENCE("add_key=1", "keyctl=2", "request_key=1")

ATTACK(keyrings, "kernel", "a box has no keyrings", .run = run, .check = check);
