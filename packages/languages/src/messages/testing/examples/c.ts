import type { Example } from "./example.ts";

const main = (...lines: readonly string[]): string =>
  `#include <stdio.h>\n#include <stdlib.h>\nint main(void) {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;

export const cExamples: readonly Example[] = [
  { code: "c.missing-main", line: null, source: "int twice(int n) {\n    return 2 * n;\n}\n" },
  {
    code: "c.undefined-reference",
    line: null,
    source: "int twice(int n);\nint main(void) {\n    return twice(2);\n}\n",
  },
  {
    code: "c.multiple-definition",
    line: null,
    source: "int count(void) { return 1; }\nint main(void) { return count(); }\n",
    others: { "other.c": "int count(void) { return 2; }\n" },
  },
  { code: "c.header-not-found", line: 1, source: '#include "missing.h"\nint main(void) {}\n' },
  { code: "c.undeclared", line: 4, source: main("count = 1;") },
  { code: "c.implicit-function", line: 4, kind: "warning", source: main("return twice(2);") },
  { code: "c.unknown-type", line: 4, source: main("string name;") },
  { code: "c.missing-semicolon", line: 4, source: main('puts("hello")') },
  { code: "c.missing-brace", line: 2, source: "int main(void) {\n    if (1) {\n" },
  { code: "c.missing-quote", line: 4, kind: "warning", source: main('puts("hello);') },
  { code: "c.stray", line: 4, source: main("int a = 1 – 2;") },
  { code: "c.else-without-if", line: 5, source: main('if (1); puts("a");', 'else puts("b");') },
  { code: "c.expected", line: 4, source: main("int a[3 = {1, 2, 3};") },
  {
    code: "c.too-few-arguments",
    line: 3,
    source: "int sum(int a, int b) { return a + b; }\nint main(void) {\n    return sum(1);\n}\n",
  },
  {
    code: "c.too-many-arguments",
    line: 3,
    source: "int twice(int a) { return 2 * a; }\nint main(void) {\n    return twice(1, 2);\n}\n",
  },
  {
    code: "c.conflicting-types",
    line: 2,
    source: "int twice(int a);\ndouble twice(int a) { return 2 * a; }\nint main(void) {}\n",
  },
  { code: "c.redeclared", line: 5, source: main("int a = 1;", "int a = 2;") },
  { code: "c.not-assignable", line: 4, source: main("5 = 3;") },
  {
    code: "c.no-member",
    line: 4,
    source: "struct point { int x, y; };\nint main(void) {\n    struct point p;\n    p.z = 1;\n}\n",
  },
  {
    code: "c.member-of-pointer",
    line: 3,
    source:
      "struct point { int x, y; };\nint first(struct point *p) {\n    return p.x;\n}\nint main(void) {}\n",
  },
  { code: "c.not-a-function", line: 5, source: main("int a = 1;", "a(2);") },
  { code: "c.not-an-array", line: 5, source: main("int a = 1;", "a[0] = 2;") },
  {
    code: "c.void-value",
    line: 3,
    source: "void hello(void) {}\nint main(void) {\n    int a = hello();\n}\n",
  },
  { code: "c.read-only", line: 5, source: main("const int a = 1;", "a = 2;") },
  { code: "c.break-outside-loop", line: 4, source: main("break;") },
  { code: "c.duplicate-case", line: 4, source: main("switch (1) { case 1: case 1: break; }") },
  { code: "c.pointer-and-integer", line: 4, kind: "warning", source: main('int a = "hello";') },
  {
    code: "c.incompatible-pointer",
    line: 5,
    kind: "warning",
    source: main("double d = 1;", "int *p = &d;"),
  },
  {
    code: "c.incompatible-types",
    line: 4,
    source: "struct point { int x; };\nint main(void) {\n    struct point p;\n    p = 1;\n}\n",
  },
  { code: "c.invalid-operands", line: 5, source: main("int a, *p = &a, *q = &a;", "p = p + q;") },
  { code: "c.array-assignment", line: 5, source: main("char name[9];", 'name = "Ann";') },
  {
    code: "c.local-address",
    line: 3,
    kind: "warning",
    source: "int *one(void) {\n    int a = 1;\n    return &a;\n}\nint main(void) {}\n",
  },
  { code: "c.overflow", line: 4, kind: "warning", source: main("char c = 1000;") },
  {
    code: "c.assertion",
    line: 3,
    source: "#include <assert.h>\nint main(int n, char **v) {\n    assert(n == 7);\n}\n",
  },
  {
    code: "c.double-free",
    line: null,
    source: main("char *volatile p = malloc(9);", "free(p);", "free(p);"),
  },
  { code: "c.invalid-free", line: null, source: main("char *volatile p = malloc(99);", "free(p + 8);") },
  {
    code: "c.heap-corruption",
    line: null,
    source: main(
      "char *volatile p = malloc(24);",
      "for (int i = 0; i < 64; i++) p[i] = 1;",
      "char *volatile q = malloc(2000);",
      'printf("%p", (void *)q);',
    ),
  },
  { code: "c.segmentation-fault", line: null, source: main("int *volatile p = NULL;", 'printf("%d", *p);') },
  { code: "c.zero-division", line: null, source: main("volatile int zero = 0;", "return 10 / zero;") },
];
