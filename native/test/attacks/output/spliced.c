/*
 * Promise: output counts that was never written by a write.
 * Attack: puts pages into stdout by vmsplice, splice, tee and sendfile.
 * It would show as output of a thousand times the cap.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CAP = 4096, ENOUGH = 1000 };

static int run(void) {
  static char block[CAP] __attribute__((aligned(4096)));
  int ends[2], file = open("file", O_RDWR | O_CREAT, 0600);
  size_t total = 0;
  if (file < 0 || write(file, block, sizeof block) != sizeof block || pipe(ends)) return could_not("a file and a pipe: %m");
  for (unsigned i = 0; total < (size_t)CAP * ENOUGH && i < 10 * ENOUGH; i++) {
    struct iovec page = {block, sizeof block};
    off_t start = 0;
    ssize_t put = -1;
    switch (i % 4) {
      case 0: put = vmsplice(1, &page, 1, 0); break;
      case 1: put = sendfile(1, file, &start, sizeof block); break;
      case 2:
        if (write(ends[1], block, sizeof block) < 0) return could_not("a pipe: %m");
        put = tee(ends[0], 1, sizeof block, 0);
        break;
      case 3: put = splice(ends[0], NULL, 1, NULL, sizeof block, 0); break;
    }
    if (put > 0) total += (size_t)put;
  }
  return total >= (size_t)CAP * ENOUGH ? broken("\n%zu bytes", total) : held("\n%zu bytes", total);
}

ATTACK(spliced, "output", "output without write meets its cap", .run = run, .check = check_kept_output,
       .stdout_cap = CAP, .stop_on_output = true, .ends = STATUS(OUTPUT_LIMIT));
