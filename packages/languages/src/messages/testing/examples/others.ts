import type { Example } from "./example.ts";

// Languages whose messages are taken apart and not explained: their compilers do that themselves, or
// their codes stand in a manual.

const goMain = (...lines: readonly string[]): string =>
  `package main\n\nimport "fmt"\n\nfunc main() {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;

export const goExamples: readonly Example[] = [
  { code: "go.undefined", line: 6, source: goMain("fmt.Println(count)") },
  { code: "go.unused-import", line: 3, source: 'package main\n\nimport "os"\n\nfunc main() {}\n' },
  { code: "go.unused-variable", line: 6, source: goMain("a := 1", "fmt.Println()") },
  { code: "go.missing-main", line: null, source: "package shapes\n\nfunc Area() int { return 1 }\n" },
  { code: "go.type-mismatch", line: 6, source: goMain('var a int = "hello"', "fmt.Println(a)") },
  { code: "go.syntax-error", line: 6, source: goMain("fmt.Println(1") },
  {
    code: "go.missing-return",
    line: 3,
    source: "package main\n\nfunc f() int {}\n\nfunc main() { f() }\n",
  },
  { code: "go.redeclared", line: 7, source: goMain("a := 1", "a := 2", "fmt.Println(a)") },
  { code: "go.index-out-of-range", line: 7, source: goMain("a := []int{1}", "fmt.Println(a[len(a)])") },
  { code: "go.nil-pointer", line: 7, source: goMain("var a *int", "fmt.Println(*a)") },
  { code: "go.nil-map", line: 7, source: goMain("var a map[int]int", "a[1] = 2", "fmt.Println(a)") },
  { code: "go.zero-division", line: 7, source: goMain("a := 0", "fmt.Println(1 / a)") },
  { code: "go.deadlock", line: 6, source: goMain("<-make(chan int)", "fmt.Println()") },
  { code: "go.panic", line: 6, source: goMain('panic("full")', "fmt.Println()") },
];

const rustMain = (...lines: readonly string[]): string =>
  `fn main() {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;

export const rustExamples: readonly Example[] = [
  { code: "rust.E0425", line: 2, source: rustMain('println!("{}", count);') },
  { code: "rust.E0308", line: 2, source: rustMain('let _a: i32 = "hello";') },
  {
    code: "rust.E0382",
    line: 4,
    source: rustMain("let a = vec![1];", "let _b = a;", 'println!("{:?}", a);'),
  },
  { code: "rust.E0384", line: 4, source: rustMain("let a = 1;", 'println!("{}", a);', "a = 2;") },
  {
    code: "rust.panic",
    line: 4,
    source: rustMain("let a = vec![1];", "let i = a.len();", 'println!("{}", a[i]);'),
  },
];

const phpMain = (...lines: readonly string[]): string =>
  `<?php\n${lines.map((line) => `${line}\n`).join("")}`;

export const phpExamples: readonly Example[] = [
  { code: "php.syntax-error", line: 3, source: phpMain("$a = 1", "echo $a;") },
  { code: "php.undefined-function", line: 2, source: phpMain("greet();") },
  { code: "php.undefined-method", line: 3, source: phpMain("class A {}", "(new A())->greet();") },
  { code: "php.zero-division", line: 2, source: phpMain("echo intdiv(1, 0);") },
  { code: "php.null-method", line: 3, source: phpMain("$a = null;", "$a->greet();") },
  { code: "php.type-error", line: 2, source: phpMain("strlen([]);") },
  { code: "php.exception", line: 2, source: phpMain("throw new RuntimeException('full');") },
];

export const rubyExamples: readonly Example[] = [
  { code: "ruby.undefined-name", line: 2, source: "a = 1\nputs b\n" },
  { code: "ruby.nil-method", line: 2, source: "a = nil\na.upcase\n" },
  { code: "ruby.undefined-method", line: 1, source: "[1].push_back(2)\n" },
  { code: "ruby.wrong-arguments", line: 1, source: "def twice(n) = n * 2\ntwice\n" },
  { code: "ruby.zero-division", line: 1, source: "puts 1 / 0\n" },
  { code: "ruby.TypeError", line: 1, source: "puts 'a' + 1\n" },
  { code: "ruby.syntax-error", line: 2, source: "if true\n  puts 1\n" },
];

const sharp = (...lines: readonly string[]): string =>
  `using System;\nclass Program {\n    static void Main() {\n${lines.map((line) => `        ${line}\n`).join("")}    }\n}\n`;

export const csharpExamples: readonly Example[] = [
  { code: "csharp.CS0103", line: 4, source: sharp("Console.WriteLine(count);") },
  { code: "csharp.CS1525", line: 5, source: sharp("int a = 1") },
  { code: "csharp.CS0029", line: 4, source: sharp('int a = "hello";') },
  { code: "csharp.CS0165", line: 5, source: sharp("int a;", "Console.WriteLine(a);") },
  {
    code: "csharp.IndexOutOfRangeException",
    line: 5,
    source: sharp("int[] a = new int[3];", "a[3] = 1;"),
  },
  {
    code: "csharp.NullReferenceException",
    line: 5,
    source: sharp("string s = null;", "Console.WriteLine(s.Length);"),
  },
];

export const typescriptExamples: readonly Example[] = [
  { code: "ts.TS2322", line: 1, source: 'const a: number = "hello";\nconsole.log(a);\n' },
  { code: "ts.TS2304", line: 1, source: "console.log(count);\n" },
  { code: "ts.TS2339", line: 2, source: "const a = [1];\na.push_back(2);\n" },
  { code: "ts.TS1005", line: 1, source: "console.log('a';\n" },
  { code: "js.exception", line: 2, source: "function f(): never {\n  throw new Error('full');\n}\nf();\n" },
];

export const kotlinExamples: readonly Example[] = [
  { code: "kotlin.unresolved-reference", line: 2, source: "fun main() {\n    println(count)\n}\n" },
  {
    code: "java.zero-division",
    line: 3,
    source: "fun main() {\n    val zero = 0\n    println(1 / zero)\n}\n",
  },
];
