/* bench-spawn N PATH: fork, exec and wait, N times; what a box is compared with. */
#define _GNU_SOURCE
#include "times.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  unsigned count = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  uint64_t *times = calloc(count + 1, sizeof *times);
  if (!count || !times) {
    fputs("usage: bench-spawn N PATH\n", stderr);
    return 2;
  }
  uint64_t begin = clock_ns();
  for (unsigned i = 0; i < count; i++) {
    uint64_t start = clock_ns();
    pid_t pid = fork();
    if (pid == 0) {
      execl(argv[2], argv[2], (char *)NULL);
      _exit(127);
    }
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
      fprintf(stderr, "%s could not be executed\n", argv[2]);
      return 1;
    }
    times[i] = clock_ns() - start;
  }
  print_times("fork+exec+wait", times, count, clock_ns() - begin);
}
