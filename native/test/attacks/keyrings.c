/* Keyrings belong to users and sessions, not to namespaces: a key outlives its box, reaches other boxes
   of the uid, and counts against limits of the whole machine. */
#define _GNU_SOURCE
#include "refused.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  MUST_REFUSE(syscall(SYS_add_key, "user", "assay", "secret", 6, KEY_SPEC_PROCESS_KEYRING));
  MUST_REFUSE(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
  MUST_REFUSE(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "assay"));
  MUST_REFUSE(syscall(SYS_request_key, "user", "assay", NULL, 0));
  return held("no keys");
}

EVIDENCE("add_key=1", "keyctl=2", "request_key=1")

ATTACK(keyrings, "kernel", "a box has no keyrings", .run = run, .check = check);
