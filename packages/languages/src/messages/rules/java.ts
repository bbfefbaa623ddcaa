import type { Rule, SourceRule } from "../parser.ts";

/** What javac says, the special before the general. */
export const javaRules: readonly Rule[] = [
  { code: "java.missing-semicolon", pattern: /^';' expected/ },
  { code: "java.missing-return", pattern: /^missing return statement/ },
  { code: "java.end-of-file", pattern: /^reached end of file while parsing/ },
  {
    code: "java.outside-class",
    pattern: /^(?:class, interface|unnamed classes|implicitly declared classes)/,
  },
  { code: "java.missing-name", pattern: /^<identifier> expected/ },
  { code: "java.expected", pattern: /^(?<expected>.{1,60}?) expected/ },
  {
    code: "java.length",
    pattern: /^cannot find symbol: (?:variable (?<name>length)$|method (?<method>length|size)\(\))/,
  },
  { code: "java.type-name", pattern: /^cannot find symbol: class (?<name>string|bool)$/ },
  { code: "java.unknown-variable", pattern: /^cannot find symbol: variable (?<name>\S{1,100})/ },
  { code: "java.unknown-method", pattern: /^cannot find symbol: method (?<name>[^(]{1,100})/ },
  { code: "java.unknown-class", pattern: /^cannot find symbol: class (?<name>\S{1,100})/ },
  {
    code: "java.lossy-conversion",
    pattern: /^incompatible types: possible lossy conversion from (?<from>\S{1,60}) to (?<to>\S{1,60})/,
  },
  {
    code: "java.unexpected-return-value",
    pattern: /^incompatible types: (?:unexpected|missing) return value/,
  },
  {
    code: "java.condition",
    pattern:
      /^incompatible types: (?<from>byte|char|double|float|int|long|short|String) cannot be converted to boolean/,
  },
  { code: "java.void-value", pattern: /^(?:incompatible types: void cannot|'void' type not allowed here)/ },
  {
    code: "java.text-for-character",
    pattern: /^incompatible types: String cannot be converted to (?:char|Character)$/,
  },
  {
    code: "java.text-and-number",
    pattern:
      /^incompatible types: (?<from>String|double|float|int|long|short|byte) cannot be converted to (?<to>String|[Dd]ouble|[Ff]loat|int|Integer|[Ll]ong|short|byte)$/,
  },
  {
    code: "java.incompatible-types",
    pattern: /^incompatible types: (?<from>.{1,100}) cannot be converted to (?<to>.{1,100})/,
  },
  { code: "java.unreachable", pattern: /^unreachable statement/ },
  {
    code: "java.already-defined",
    pattern: /^(?:variable|method) (?<name>[^ (]{1,100}).* is already defined in/,
  },
  { code: "java.uninitialized", pattern: /^variable (?<name>\S{1,100}) might not have been initialized/ },
  { code: "java.unreported-exception", pattern: /^unreported exception (?<exception>[\w.]{1,100})/ },
  {
    code: "java.non-static",
    pattern:
      /^non-static (?<kind>variable|method) (?<name>[^ (]{1,100}).* cannot be referenced from a static context/,
  },
  {
    code: "java.wrong-arguments",
    pattern: /^(?:method|constructor) (?<name>\S{1,100}) in .* cannot be applied to given types/,
  },
  {
    code: "java.no-suitable-method",
    pattern: /^no suitable (?:method|constructor) found for (?<name>[^(]{1,100})/,
  },
  { code: "java.not-a-statement", pattern: /^not a statement/ },
  { code: "java.illegal-start", pattern: /^illegal start of (?<part>\w{1,20})/ },
  { code: "java.unclosed-character", pattern: /^(?:unclosed|empty) character literal/ },
  { code: "java.unclosed-string", pattern: /^unclosed string literal/ },
  { code: "java.illegal-character", pattern: /^illegal character: '(?<character>[^']{1,10})'/ },
  {
    code: "java.bad-operands",
    pattern: /^bad operand types? for (?:binary|unary) operator '(?<operator>[^']{1,4})'/,
  },
  {
    code: "java.incomparable",
    pattern:
      /^(?:incomparable types|incompatible types): (?<left>.{1,60}?) (?:and|cannot be compared to) (?<right>.{1,60})/,
  },
  { code: "java.else-without-if", pattern: /^(?:illegal start of type|'else' without 'if')/ },
  { code: "java.system-name", pattern: /^package system does not exist/ },
  { code: "java.no-package", pattern: /^package (?<name>\S{1,100}) does not exist/ },
  { code: "java.final", pattern: /^cannot assign a value to (?:static )?final variable (?<name>\S{1,100})/ },
  { code: "java.primitive", pattern: /^(?<type>\w{1,20}) cannot be dereferenced/ },
  {
    code: "java.private",
    pattern: /^(?<name>[^ (]{1,100}).* has (?<access>private|protected) access in (?<class>\S{1,100})/,
  },
  {
    code: "java.does-not-fit",
    pattern: /^(?<method>\w{1,100})\(.{0,200}\) in \S{1,100} cannot (?:implement|override) /,
  },
  { code: "java.primitive-in-brackets", pattern: /^unexpected type: required: reference/ },
  { code: "java.not-assignable", pattern: /^unexpected type: required: variable/ },
  { code: "java.duplicate-case", pattern: /^duplicate case label/ },
  { code: "java.missing-catch", pattern: /^'try' without 'catch'/ },
  { code: "java.not-an-array", pattern: /^array required, but (?<type>.{1,60}) found/ },
  {
    code: "java.missing-method",
    pattern:
      /^(?<class>\S{1,100}) is not abstract and does not override abstract method (?<method>[^(]{1,100})/,
  },
  { code: "java.abstract", pattern: /^(?<class>\S{1,100}) is abstract; cannot be instantiated/ },
  { code: "java.duplicate-class", pattern: /^duplicate class: (?<name>\S{1,100})/ },
  { code: "java.missing-return-type", pattern: /^invalid method declaration; return type required/ },
  {
    code: "java.effectively-final",
    pattern: /^local variables referenced from (?:a|an) .{1,20} (?:expression|class) must be final/,
  },
  { code: "java.outside-loop", pattern: /^(?<word>break|continue) outside (?:of loop|switch or loop)/ },
  { code: "java.number-too-large", pattern: /^integer number too large(?:: (?<number>\d{1,60}))?/ },
];

/** What javac has no words for but that something else should begin here. */
export const javaSourceRules: readonly SourceRule[] = [
  {
    said: ["java.illegal-start"],
    code: "java.method-in-method",
    pattern: /^\s*(?:public|private|protected|static)\b.*\(/,
  },
  {
    said: ["java.outside-class"],
    code: "java.method-outside-class",
    pattern: /^\s*(?:(?:public|private|protected|static|final) +)*[\w<>[\]]{1,60} +\w{1,60} *\(/,
  },
  { said: ["java.missing-semicolon"], code: "java.else-if", pattern: /\b(?:elif|elseif|elsif)\b/ },
];

/** How the Java virtual machine says that a program failed. */
export const javaRunRules: readonly Rule[] = [
  {
    code: "java.array-index",
    pattern:
      /^java\.lang\.ArrayIndexOutOfBoundsException: Index (?<index>-?\d+) out of bounds for length (?<length>\d+)/,
  },
  { code: "java.string-index", pattern: /^java\.lang\.StringIndexOutOfBoundsException/ },
  {
    code: "java.list-index",
    pattern: /^java\.lang\.IndexOutOfBoundsException(?:: Index:? (?<index>-?\d+))?/,
  },
  {
    code: "java.null-pointer",
    pattern: /^java\.lang\.NullPointerException(?:: .*because "(?<name>[^"]{1,100})" is null)?/,
  },
  { code: "java.zero-division", pattern: /^java\.lang\.ArithmeticException: \/ by zero/ },
  {
    code: "java.number-format",
    pattern: /^java\.lang\.NumberFormatException: (?:For input string: "(?<text>.{0,100}?)"|.*)/,
  },
  {
    code: "java.input-mismatch",
    pattern: /^java\.util\.InputMismatchException(?:: For input string: "(?<text>[^"]{0,100})")?/,
  },
  { code: "java.no-such-element", pattern: /^java\.util\.NoSuchElementException/ },
  {
    code: "java.class-cast",
    pattern:
      /^java\.lang\.ClassCastException: class (?<from>\S{1,100}) cannot be cast to class (?<to>\S{1,100})/,
  },
  { code: "java.stack-overflow", pattern: /^java\.lang\.StackOverflowError/ },
  { code: "java.out-of-memory", pattern: /^java\.lang\.OutOfMemoryError/ },
  { code: "java.negative-array-size", pattern: /^java\.lang\.NegativeArraySizeException: (?<size>-\d+)/ },
  { code: "java.changed-while-iterating", pattern: /^java\.util\.ConcurrentModificationException/ },
  { code: "java.unmodifiable", pattern: /^java\.lang\.UnsupportedOperationException$/ },
  {
    code: "java.no-main",
    pattern:
      /Main method (?:is not static|not found)|Could not find or load main class|no class has a method main/,
  },
  { code: "java.exception", pattern: /^(?<type>[\w.$]{1,200})(?::|$)/ },
];
