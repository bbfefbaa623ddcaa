import type { Example } from "./example.ts";

const main = (...lines: readonly string[]): string =>
  `import java.util.*;\npublic class Main {\n    public static void main(String[] args) {\n${lines.map((line) => `        ${line}\n`).join("")}    }\n}\n`;

const member = (...lines: readonly string[]): string =>
  `public class Main {\n${lines.map((line) => `    ${line}\n`).join("")}    public static void main(String[] args) {}\n}\n`;

export const javaExamples: readonly Example[] = [
  { code: "java.missing-semicolon", line: 4, source: main("int a = 1") },
  { code: "java.missing-return", line: 2, source: member("static int f(int n) { if (n > 0) return 1; }") },
  {
    code: "java.end-of-file",
    line: 3,
    source: "public class Main {\n    public static void main(String[] args) {\n    }\n",
  },
  { code: "java.missing-name", line: 2, source: member("System.out.println(1);") },
  { code: "java.expected", line: 4, source: main("if (args.length > 1 { }") },
  {
    code: "java.outside-class",
    line: 4,
    source: "public class Main {\n    public static void main(String[] args) {}\n}\nreturn 1;\n",
  },
  {
    code: "java.no-package",
    line: 1,
    source: "import org.nobody.A;\npublic class Main {\n    public static void main(String[] args) {}\n}\n",
  },
  { code: "java.unknown-variable", line: 4, source: main("System.out.println(count);") },
  { code: "java.unknown-method", line: 4, source: main("System.out.printn(1);") },
  { code: "java.unknown-class", line: 4, source: main("Strin name;") },
  { code: "java.lossy-conversion", line: 4, source: main("int a = 1.5;") },
  { code: "java.unexpected-return-value", line: 4, source: main("return 1;") },
  { code: "java.incompatible-types", line: 4, source: main("int[] a = 1;") },
  { code: "java.length", line: 4, source: main("System.out.println(args[0].length);") },
  { code: "java.type-name", line: 4, source: main('string name = "Ann";') },
  { code: "java.condition", line: 5, source: main("int a = 1;", "if (a = 2) { }") },
  { code: "java.void-value", line: 4, source: main("int a = System.out.println();") },
  { code: "java.text-for-character", line: 4, source: main('char a = "a";') },
  { code: "java.text-and-number", line: 4, source: main('int a = "hello";') },
  { code: "java.unclosed-character", line: 4, source: main("String a = 'abc';") },
  { code: "java.system-name", line: 4, source: main("system.out.println(1);") },
  {
    code: "java.does-not-fit",
    line: 5,
    source: `${member()}interface Shape { int area(); }\nclass Circle implements Shape { int area() { return 1; } }\n`,
  },
  { code: "java.primitive-in-brackets", line: 4, source: main("List<int> a = null;") },
  { code: "java.not-assignable", line: 4, source: main("1 = 2;") },
  { code: "java.duplicate-case", line: 4, source: main("switch (1) { case 1: case 1: }") },
  { code: "java.missing-catch", line: 4, source: main("try { }") },
  { code: "java.method-in-method", line: 4, source: main("public static int f() { return 1; }") },
  { code: "java.method-outside-class", line: 1, source: "void main() { System.out.println(1); }\n" },
  { code: "java.else-if", line: 4, source: main("if (args == null) { } elif (true) { }") },
  { code: "java.unreachable", line: 5, source: main("return;", "System.out.println(1);") },
  { code: "java.already-defined", line: 5, source: main("int a = 1;", "int a = 2;") },
  { code: "java.uninitialized", line: 5, source: main("int a;", "System.out.println(a);") },
  { code: "java.unreported-exception", line: 4, source: main("Thread.sleep(1);") },
  {
    code: "java.non-static",
    line: 4,
    source:
      "public class Main {\n    int count() { return 1; }\n    public static void main(String[] args) {\n        count();\n    }\n}\n",
  },
  {
    code: "java.wrong-arguments",
    line: 4,
    source:
      "public class Main {\n    static int twice(int n) { return 2 * n; }\n    public static void main(String[] args) {\n        twice();\n    }\n}\n",
  },
  { code: "java.no-suitable-method", line: 4, source: main("System.out.println(1, 2);") },
  { code: "java.not-a-statement", line: 4, source: main("1 + 2;") },
  { code: "java.illegal-start", line: 4, source: main("int a = * 2;") },
  { code: "java.unclosed-string", line: 4, source: main('System.out.println("hello);') },
  { code: "java.illegal-character", line: 4, source: main("int a = 1 # 2;") },
  { code: "java.bad-operands", line: 4, source: main('int a = "x" * 2;') },
  {
    code: "java.incomparable",
    line: 5,
    source: main("int a = 1;", "Main m = null; boolean b = m == (Integer) a;"),
  },
  { code: "java.else-without-if", line: 4, source: main("else { }") },
  { code: "java.final", line: 5, source: main("final int a = 1;", "a = 2;") },
  { code: "java.primitive", line: 5, source: main("int a = 1;", "a.length();") },
  {
    code: "java.private",
    line: 3,
    source:
      "public class Main {\n    public static void main(String[] args) {\n        new Other().count = 1;\n    }\n}\nclass Other { private int count; }\n",
  },
  { code: "java.not-an-array", line: 5, source: main("int a = 1;", "a[0] = 2;") },
  {
    code: "java.missing-method",
    line: 1,
    source: "public class Main implements Runnable {\n    public static void main(String[] args) {}\n}\n",
  },
  { code: "java.abstract", line: 4, source: main("Object o = new Number();") },
  {
    code: "java.duplicate-class",
    line: 2,
    source: "public class Main { public static void main(String[] args) {} }\nclass Main {}\n",
  },
  { code: "java.missing-return-type", line: 2, source: member("static twice(int n) { return 2 * n; }") },
  {
    code: "java.effectively-final",
    line: 6,
    source: main("int a = 1;", "a = 2;", "Runnable r = () -> System.out.println(a);"),
  },
  { code: "java.outside-loop", line: 4, source: main("break;") },
  { code: "java.number-too-large", line: 4, source: main("long a = 3000000000;") },
  { code: "java.array-index", line: 5, source: main("int[] a = new int[3];", "a[3] = 1;") },
  { code: "java.string-index", line: 4, source: main('"cat".charAt(3);') },
  { code: "java.list-index", line: 4, source: main("new ArrayList<Integer>().get(0);") },
  { code: "java.null-pointer", line: 5, source: main("String s = null;", "s.length();") },
  { code: "java.zero-division", line: 5, source: main("int zero = 0;", "System.out.println(1 / zero);") },
  { code: "java.number-format", line: 4, source: main('Integer.parseInt("twelve");') },
  { code: "java.input-mismatch", line: 4, source: main('new Scanner("twelve").nextInt();') },
  { code: "java.no-such-element", line: 4, source: main("new Scanner(System.in).next();") },
  { code: "java.class-cast", line: 5, source: main('Object o = "cat";', "Integer i = (Integer) o;") },
  {
    code: "java.stack-overflow",
    line: 2,
    source:
      "public class Main {\n    static int f(int n) { return f(n + 1); }\n    public static void main(String[] args) {\n        f(1);\n    }\n}\n",
  },
  { code: "java.out-of-memory", line: 4, source: main("long[] a = new long[Integer.MAX_VALUE];") },
  { code: "java.negative-array-size", line: 5, source: main("int n = -1;", "int[] a = new int[n];") },
  {
    code: "java.changed-while-iterating",
    line: 5,
    source: main("List<Integer> a = new ArrayList<>(List.of(1, 2, 3));", "for (int n : a) a.remove(0);"),
  },
  { code: "java.unmodifiable", line: 4, source: main("List.of(1).add(2);") },
  { code: "java.no-main", line: null, source: "public class Main {\n    static void start() {}\n}\n" },
  { code: "java.exception", line: 4, source: main('throw new IllegalStateException("full");') },
];
