/** As much of a testlib.h as these tests need, written for them; exit codes and argument order are testlib's. */
export const smallTestlib = `#ifndef TESTLIB_H
#define TESTLIB_H
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _points = 7 };
static std::string report;
void quit(int code, const std::string& message) {
  if (!report.empty()) std::ofstream(report) << message;
  std::cout.flush();
  std::exit(code);
}
void quitf(TResult result, const char* format, ...) {
  char text[500];
  va_list rest;
  va_start(rest, format);
  std::vsnprintf(text, sizeof text, format, rest);
  va_end(rest);
  quit(result, text);
}
void quitp(double points, const char* message) {
  quit(_points, std::to_string(points) + " " + message);
}
struct Stream {
  std::istream* in = nullptr;
  std::ifstream file;
  TResult wrong = _pe;
  void open(const char* path) {
    file.open(path);
    if (!file) quitf(_fail, "can't open %s", path);
    in = &file;
  }
  long long readInt() {
    long long value = 0;
    if (!(*in >> value)) quitf(wrong, "expected an integer");
    return value;
  }
  long long readInt(long long low, long long high) {
    long long value = readInt();
    if (value < low || value > high) quitf(wrong, "%lld is out of range", value);
    return value;
  }
  void readSpace() { if (in->get() != ' ') quitf(wrong, "expected a space"); }
  void readEoln() { if (in->get() != 10) quitf(wrong, "expected a new line"); }
  void readEof() { if (in->peek() != EOF) quitf(wrong, "expected the end"); }
};
Stream inf, ouf, ans;
std::ofstream tout;
void registerTestlibCmd(int argc, char** argv) {
  if (argc < 4) quitf(_fail, "too few arguments");
  inf.open(argv[1]);
  ouf.open(argv[2]);
  ans.open(argv[3]);
  ans.wrong = _fail;
  if (argc > 4) report = argv[4];
}
void registerValidation(int, char**) { inf.in = &std::cin; inf.wrong = _fail; }
void registerInteraction(int argc, char** argv) {
  if (argc < 3) quitf(_fail, "too few arguments");
  inf.open(argv[1]);
  tout.open(argv[2]);
  if (argc > 4) report = argv[4];
  ouf.in = &std::cin;
}
#endif
`;

/** Falls off its end, as the main of a validator often does. */
export const validatorOfTwo = `#include "testlib.h"
using namespace std;
int main(int argc, char* argv[]) {
  registerValidation(argc, argv);
  inf.readInt(1, 1000);
  inf.readSpace();
  inf.readInt(1, 1000);
  inf.readEoln();
  inf.readEof();
}
`;

export const checkerOfSum = `#include "testlib.h"
using namespace std;
int main(int argc, char* argv[]) {
  registerTestlibCmd(argc, argv);
  long long expected = ans.readInt(), found = ouf.readInt();
  if (found == 777) quitf(_fail, "the checker gives up");
  if (found != expected) quitf(_wa, "expected %lld, found %lld", expected, found);
  quitf(_ok, "%lld it is", found);
}
`;

export const interactorOfSum = `#include "testlib.h"
using namespace std;
int main(int argc, char* argv[]) {
  registerInteraction(argc, argv);
  long long a = inf.readInt(), b = inf.readInt();
  cout << a << endl << b << endl;
  long long found = ouf.readInt();
  if (found < 0) quitf(_wa, "%lld is negative", found);
  tout << found << endl;
  quitf(_ok, "heard %lld", found);
}
`;
