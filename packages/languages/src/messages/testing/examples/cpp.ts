import type { Example } from "./example.ts";

const main = (...lines: readonly string[]): string =>
  `#include <iostream>\n#include <vector>\nint main() {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;

export const cppExamples: readonly Example[] = [
  { code: "cpp.missing-std", line: 4, source: main('cout << "hello";') },
  { code: "cpp.misspelled-name", line: 5, source: main("int count = 1;", "cuont = 2;") },
  { code: "cpp.undeclared", line: 2, source: "int main() {\n    unheard_of = 1;\n}\n" },
  { code: "cpp.not-a-member", line: 4, source: main("std::vektor numbers;") },
  { code: "cpp.not-a-type", line: 1, source: "strin name;\nint main() {}\n" },
  {
    code: "cpp.no-matching-function",
    line: 4,
    source: "void greet(int) {}\nvoid greet(char) {}\nint main() {\n    greet();\n}\n",
  },
  { code: "cpp.no-operator", line: 5, source: main("std::vector<int> numbers;", "std::cout << numbers;") },
  { code: "cpp.invalid-conversion", line: 2, source: 'int main() {\n    int a = "hello";\n}\n' },
  {
    code: "cpp.cannot-convert",
    line: 5,
    source: main('std::string name = "Ann";', "int n = name;"),
  },
  {
    code: "cpp.private",
    line: 4,
    source: "class A { int x = 1; };\nint main() {\n    A a;\n    return a.x;\n}\n",
  },
  {
    code: "cpp.const-object",
    line: 4,
    source: "struct A { void grow() {} };\nint main() {\n    const A a{};\n    a.grow();\n}\n",
  },
  { code: "cpp.missing-return", line: 1, kind: "warning", source: "int f() {}\nint main() {}\n" },
  {
    code: "cpp.deleted",
    line: 5,
    source:
      "#include <memory>\n#include <utility>\nint main() {\n    std::unique_ptr<int> a;\n    auto b = a;\n}\n",
  },
  {
    code: "cpp.abstract",
    line: 3,
    source: "struct Shape { virtual int area() = 0; };\nint main() {\n    Shape s;\n}\n",
  },
  { code: "cpp.uninitialized-reference", line: 2, source: "int main() {\n    int &a;\n}\n" },
  {
    code: "cpp.ambiguous",
    line: 4,
    source: "void f(int) {}\nvoid f(char) {}\nint main() {\n    f(1.5);\n}\n",
  },
  { code: "cpp.template-arguments", line: 4, source: main("std::vector<int, int, int> numbers;") },
  { code: "c.missing-semicolon", line: 5, source: main("int a = 1") },
  { code: "c.not-a-function", line: 5, source: main("int a = 1;", "a();") },
  { code: "cpp.old-header", line: 1, source: "#include <iostream.h>\nint main() {}\n" },
  { code: "c.missing-include", line: 2, source: "int main() {\n    std::cout << 1;\n}\n" },
  { code: "c.semicolon-after-type", line: 1, source: "class Cat { int age; }\nint main() {}\n" },
  { code: "c.outside-function", line: 3, source: "int main() {\n}\n}\n" },
  { code: "c.arrow-on-value", line: 5, source: main("std::string s;", "s->size();") },
  { code: "cpp.stream-direction", line: 4, source: main("std::cin << 1;") },
  { code: "cpp.text-and-number", line: 5, source: main("std::string s;", "s = s + 1;") },
  { code: "cpp.texts-joined", line: 4, source: main('std::string s = "a" + "b";') },
  { code: "cpp.pointer-to-value", line: 4, source: main("std::string s = new std::string();") },
  { code: "cpp.main-returns-int", line: 1, source: "void main() {}\n" },
  { code: "cpp.not-captured", line: 5, source: main("int a = 1;", "auto f = [] { return a; };") },
  {
    code: "cpp.case-scope",
    line: 6,
    source: main("switch (1) {", "case 1: int a = 1;", "case 2: break;", "}"),
  },
  {
    code: "cpp.override",
    line: 2,
    source: "struct Shape { int area(); };\nstruct Circle : Shape { int area() override; };\nint main() {}\n",
  },
  {
    code: "cpp.number-too-large",
    line: null,
    source: main('std::string s = "99999999999";', "std::cout << std::stoi(s);"),
  },
  {
    code: "cpp.no-key",
    line: null,
    source: "#include <map>\nint main() {\n    std::map<int, int> ages;\n    return ages.at(5);\n}\n",
  },
  { code: "cpp.out-of-range", line: null, source: main("std::vector<int> v(3);", "std::cout << v.at(5);") },
  {
    code: "cpp.out-of-memory",
    line: null,
    source: main("volatile std::size_t n = 1ul << 60;", "std::vector<char> v(n);"),
  },
  {
    code: "cpp.bad-length",
    line: null,
    source: main("volatile int n = -1;", "std::vector<int> v(n);"),
  },
  {
    code: "cpp.invalid-argument",
    line: null,
    source: main('std::string s = "x";', "std::cout << std::stoi(s);"),
  },
  { code: "cpp.uncaught", line: null, source: "int main() {\n    throw 1;\n}\n" },
];
