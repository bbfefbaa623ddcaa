/*
 * Promise: a box can't watch uses of files.
 * Attack: fanotify tells of every use of files, also by other boxes that have the same image.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY));
  TRY(all, fanotify_mark(-1, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "/"));
  return refused_all(&all);
}

EVIDENCE("fanotify_init=1", "fanotify_mark=1")

ATTACK(watching_everything, "kernel", "a box can't watch uses of files", .run = run, .check = check);
