/*
 * Promise: a box can't open a file by its number.
 * Attack: a handle names a file of a file system by number, whatever the way to it: with one a program
 * in a container has read the host's files. 2 is the root directory of ext4, and tmpfs and others give
 * away handles of their own.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <unistd.h>

static int run(void) {
  union {
    struct file_handle handle;
    char space[sizeof(struct file_handle) + 128];
  } of = {.handle.handle_bytes = 128};
  int mount, file = open("file", O_RDWR | O_CREAT, 0600), root = open("/", O_RDONLY | O_DIRECTORY);
  struct refusals all = {0};
  close(file);
  TRY(all, name_to_handle_at(AT_FDCWD, "file", &of.handle, &mount, 0));
  TRY(all, open_by_handle_at(AT_FDCWD, &of.handle, O_RDONLY));
  of.handle.handle_bytes = 8;
  of.handle.handle_type = 1;
  memcpy(of.handle.f_handle, (unsigned[]){2, 0}, 8);
  TRY(all, open_by_handle_at(root, &of.handle, O_RDONLY));
  return refused_all(&all);
}

EVIDENCE("name_to_handle_at=1", "open_by_handle_at=2")

ATTACK(file_handles, "files", "a box can't open a file by its number", .run = run, .check = check,
       .outside.root = true);
