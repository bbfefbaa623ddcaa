// Runs an input validator that was written with testlib.h as one of the problem package format: the
// input comes on stdin either way; testlib says valid with 0, the format with 42.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "testlib.h"

// A main may end without a return, which any other function may not. Unoptimized it just returns, and
// what it returns is not looked at.
#pragma GCC push_options
#pragma GCC optimize("O0")
#define main validator_main
#include "validator.inc"
#undef main
#pragma GCC pop_options

namespace adapter {

int call(int (*program)(), int, char**) { return program(); }
int call(int (*program)(int, char**), int argc, char** argv) { return program(argc, argv); }
int call(int (*program)(int, const char**), int argc, char** argv) {
  return program(argc, const_cast<const char**>(argv));
}

}  // namespace adapter

int main(int argc, char** argv) {
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    adapter::call(&::validator_main, argc, argv);
    exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 42 : 43;
}
