// Runs a checker and, where there is one, an interactor that were written with testlib.h as an output
// validator of the problem package format. Both are included below with their main renamed.
//
// Called as: validator input answer feedback_dir/ [flags...] < output of the submission
//   testlib checker:    input output answer report; exit 0 accepted, 1 2 4 8 rejected, 7 points,
//                       50 and up that many hundredths less 50, 3 and all else: the checker gave up
//   testlib interactor: input output answer report, talks over stdin and stdout; the same exit codes.
//                       What it writes to its output is what the checker then sees.
// Exits with 42 accepted, 43 rejected, 1 judge error.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#if defined(WITH_INTERACTOR) && defined(WITH_CHECKER)
// Two programs in one must not see each other's names. What they include is included before, outside.
#define TWO_PROGRAMS
#include <bits/stdc++.h>
#endif

#include "testlib.h"

#ifdef WITH_INTERACTOR
#ifdef TWO_PROGRAMS
namespace interactor_program {
#endif
#define main interactor_main
#include "interactor.inc"
#undef main
#ifdef TWO_PROGRAMS
}  // namespace interactor_program
using interactor_program::interactor_main;
#endif
#endif

#ifdef WITH_CHECKER
#ifdef TWO_PROGRAMS
namespace checker_program {
#endif
#define main checker_main
#include "checker.inc"
#undef main
#ifdef TWO_PROGRAMS
}  // namespace checker_program
using checker_program::checker_main;
#endif
#endif

namespace adapter {

// However the program declared its main.
int call(int (*program)(), int, char**) { return program(); }
int call(int (*program)(int, char**), int argc, char** argv) { return program(argc, argv); }
int call(int (*program)(int, const char**), int argc, char** argv) {
  return program(argc, const_cast<const char**>(argv));
}

const int accepted = 42, rejected = 43, judge_error = 1;
std::string feedback;

void write_feedback(const char* name, const std::string& text) {
  std::ofstream file(feedback + name, std::ios::app);
  file << text << "\n";
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// Runs one of the programs in a process of its own: testlib keeps its state in globals and ends with exit().
template <typename Program>
int run(Program program, std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(&word[0]);
  argv.push_back(nullptr);
  std::fflush(nullptr);
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) exit(call(program, int(words.size()), argv.data()));
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  if (WIFSIGNALED(status)) return -WTERMSIG(status);
  return WEXITSTATUS(status);
}

// The first of the report, as quitp() writes it.
bool points_of(const std::string& report, double& points) {
  std::istringstream words(report);
  std::string word;
  while (words >> word) {
    if (word == "points") continue;
    char* end = nullptr;
    points = std::strtod(word.c_str(), &end);
    return *end == '\0' && std::isfinite(points) && points >= 0;
  }
  return false;
}

int judge(int code, const std::string& report) {
  if (!report.empty()) write_feedback("judgemessage.txt", report);
  if (code == 0) return accepted;
  if (code == 1 || code == 2 || code == 4 || code == 8) return rejected;
  double points = 0;
  bool share = code >= 50 && code <= 150;
  if (share) points = (code - 50) / 100.0;
  if (share || (code == 7 && points_of(report, points))) {
#ifdef SCORING
    if (points == 0) return rejected;
    std::ostringstream text;
    text << std::setprecision(12) << points;
    write_feedback(share ? "score_multiplier.txt" : "score.txt", text.str());
    return accepted;
#else
    write_feedback("judgemessage.txt", "the checker gives points, but the problem has none");
    return judge_error;
#endif
  }
  if (code < 0) write_feedback("judgemessage.txt", "ended by signal " + std::to_string(-code));
  return judge_error;
}

std::string temporary(const char* name) {
  const char* directory = std::getenv("TMPDIR");
  for (std::string place : {std::string(directory ? directory : "/tmp"), feedback + "."}) {
    std::string path = place + "/" + name + "-XXXXXX";
    int file = mkstemp(&path[0]);
    if (file >= 0) {
      close(file);
      return path;
    }
  }
  return "";
}

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s input answer feedback_dir/\n", argv[0]);
    return judge_error;
  }
  std::string input = argv[1], answer = argv[2];
  feedback = argv[3];
  std::string report = temporary("report"), output = "/dev/stdin";
  if (report.empty()) return judge_error;
  int result = accepted;
#ifdef WITH_INTERACTOR
  output = temporary("output");
  int code = run(&::interactor_main, {argv[0], input, output, answer, report});
  if (code == -SIGPIPE) {
    write_feedback("judgemessage.txt", "the submission ended before the interactor did");
    result = rejected;
  } else {
    result = judge(code, read_file(report));
  }
#else
  std::string copy;
  if (access("/dev/stdin", R_OK) != 0) {
    // Without /dev the output is copied to where it has a name.
    copy = output = temporary("output");
    std::ofstream file(output, std::ios::binary);
    file << std::cin.rdbuf();
  }
#endif
#ifdef WITH_CHECKER
  if (result == accepted) {
    std::ofstream(report, std::ios::trunc).flush();
    int code = run(&::checker_main, {argv[0], input, output, answer, report});
    result = judge(code, read_file(report));
  }
#endif
  unlink(report.c_str());
#ifdef WITH_INTERACTOR
  unlink(output.c_str());
#else
  if (!copy.empty()) unlink(copy.c_str());
#endif
  return result;
}

}  // namespace adapter

int main(int argc, char** argv) { return adapter::main(argc, argv); }
