/* bench-spawn N [--root DIR] PATH [ARG...]: fork, exec and wait, N times; what a box is compared with. */
#define _GNU_SOURCE
#include "times.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const char *root, char **command) {
  int null = open("/dev/null", O_WRONLY);
  if (null >= 0) dup2(null, STDOUT_FILENO);
  if (root && (chroot(root) || chdir("/"))) _exit(127);
  execv(command[0], command);
  _exit(127);
}

int main(int argc, char **argv) {
  unsigned count = argc >= 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  const char *root = argc >= 5 && !strcmp(argv[2], "--root") ? argv[3] : NULL;
  char **command = argv + (root ? 4 : 2);
  uint64_t *times = calloc(count + 1, sizeof *times);
  if (!count || !times) {
    fputs("usage: bench-spawn N [--root DIR] PATH [ARG...]\n", stderr);
    return 2;
  }
  uint64_t begin = clock_ns();
  for (unsigned i = 0; i < count; i++) {
    uint64_t start = clock_ns();
    pid_t pid = fork();
    if (pid == 0) run(root, command);
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
      fprintf(stderr, "%s could not be executed\n", command[0]);
      return 1;
    }
    times[i] = clock_ns() - start;
  }
  print_times("fork+exec+wait", times, count, clock_ns() - begin);
}
