// Runs a checker of the Contest Management System as an output validator of the problem package format.
//
// Called as: validator input answer feedback_dir/ [flags...] < output of the submission
//   CMS checker: input answer output; prints a share from 0.0 to 1.0 on stdout, a message on stderr
// Exits with 42 accepted, 43 rejected, 1 judge error.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <string>

#pragma GCC push_options
#pragma GCC optimize("O0")
#define main checker_main
#include "checker.inc"
#undef main
#pragma GCC pop_options

namespace adapter {

int call(int (*program)(), int, char**) { return program(); }
int call(int (*program)(int, char**), int argc, char** argv) { return program(argc, argv); }
int call(int (*program)(int, const char**), int argc, char** argv) {
  return program(argc, const_cast<const char**>(argv));
}

const int accepted = 42, rejected = 43, judge_error = 1;

int open_temporary(std::string& path) {
  path = "/tmp/checker-XXXXXX";
  return mkstemp(&path[0]);
}

std::string read_and_remove(const std::string& path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  unlink(path.c_str());
  return text;
}

int main(int argc, char** argv) {
  if (argc < 4) return judge_error;
  std::string score_path, message_path;
  int score_file = open_temporary(score_path), message_file = open_temporary(message_path);
  if (score_file < 0 || message_file < 0) return judge_error;
  pid_t child = fork();
  if (child < 0) return judge_error;
  if (child == 0) {
    dup2(score_file, 1);
    dup2(message_file, 2);
    std::string output = "/dev/stdin";
    char* words[] = {argv[0], argv[1], argv[2], &output[0], nullptr};
    call(&::checker_main, 4, words);
    exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return judge_error;
  std::string score = read_and_remove(score_path), message = read_and_remove(message_path);
  std::string feedback = argv[3];
  std::ofstream(feedback + "judgemessage.txt") << message;
  char* end = nullptr;
  double share = std::strtod(score.c_str(), &end);
  bool number = end != score.c_str() && std::string(end).find_first_not_of(" \t\r\n") == std::string::npos;
  if (!WIFEXITED(status) || !number || !(share >= 0 && share <= 1)) return judge_error;
  if (share == 0) return rejected;
#ifdef SCORING
  if (share < 1) std::ofstream(feedback + "score_multiplier.txt") << std::setprecision(12) << share << "\n";
  return accepted;
#else
  return share == 1 ? accepted : rejected;
#endif
}

}  // namespace adapter

int main(int argc, char** argv) { return adapter::main(argc, argv); }
