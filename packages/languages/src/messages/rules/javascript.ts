import type { Rule, SourceRule } from "../parser.ts";

/** What V8 and Node.js say, the special before the general. */
export const jsRules: readonly Rule[] = [
  {
    code: "js.before-initialization",
    pattern: /^ReferenceError: Cannot access '(?<name>[^']+)' before initialization/,
  },
  {
    code: "js.require-in-module",
    pattern: /^ReferenceError: (?<name>require|module|exports|__dirname|__filename) is not defined/,
  },
  {
    code: "js.browser",
    pattern: /^ReferenceError: (?<name>alert|confirm|document|localStorage|prompt|window) is not defined/,
  },
  {
    code: "js.forgotten-import",
    pattern:
      /^ReferenceError: (?<name>assert|child_process|crypto|fs|http|os|path|readline|url|util) is not defined/,
  },
  { code: "js.print", pattern: /^ReferenceError: (?<name>echo|print|printf|println|puts) is not defined/ },
  { code: "js.not-defined", pattern: /^ReferenceError: (?<name>\S{1,100}) is not defined/ },
  { code: "js.not-a-function", pattern: /^TypeError: (?<name>.{1,150}) is not a function/ },
  { code: "js.not-a-constructor", pattern: /^TypeError: (?<name>.{1,150}) is not a constructor/ },
  {
    code: "js.class-without-new",
    pattern: /^TypeError: Class constructor (?<name>\S{1,100}) cannot be invoked without 'new'/,
  },
  {
    code: "js.property-of-nothing",
    pattern:
      /^TypeError: Cannot read propert(?:y|ies) of (?<value>undefined|null)(?: \(reading '(?<property>.{1,100}?)'\))?/,
  },
  {
    code: "js.set-on-nothing",
    pattern:
      /^TypeError: Cannot set propert(?:y|ies) of (?<value>undefined|null)(?: \(setting '(?<property>.{1,100}?)'\))?/,
  },
  {
    code: "js.destructure-nothing",
    pattern: /^TypeError: Cannot destructure (?:property '(?<property>[^']{1,100})'|.{1,100}) /,
  },
  { code: "js.constant", pattern: /^TypeError: Assignment to constant variable/ },
  {
    code: "js.read-only-property",
    pattern: /^TypeError: Cannot (?:assign to read only|add|delete) property '?(?<property>[^',]{1,100})/,
  },
  {
    code: "js.not-iterable",
    pattern:
      /^TypeError: (?<name>.{1,150}?) (?:is not iterable|is not a function or its return value is not iterable)/,
  },
  { code: "js.mixed-bigint", pattern: /^TypeError: Cannot mix BigInt and other types/ },
  { code: "js.circular-json", pattern: /^TypeError: Converting circular structure to JSON/ },
  { code: "js.reduce-of-empty", pattern: /^TypeError: Reduce of empty array with no initial value/ },
  {
    code: "js.already-declared",
    pattern: /^SyntaxError: Identifier '(?<name>[^']+)' has already been declared/,
  },
  { code: "js.unexpected-end", pattern: /^SyntaxError: Unexpected end of input/ },
  { code: "js.json", pattern: /^SyntaxError: .*(?:is not valid JSON|JSON input|in JSON at)/ },
  { code: "js.invalid-token", pattern: /^SyntaxError: Invalid or unexpected token/ },
  { code: "js.missing-parenthesis", pattern: /^SyntaxError: missing \) after/ },
  { code: "js.missing-initializer", pattern: /^SyntaxError: Missing initializer in (?<kind>\w{1,20})/ },
  { code: "js.unexpected-identifier", pattern: /^SyntaxError: Unexpected identifier(?: '(?<name>[^']+)')?/ },
  {
    code: "js.reserved-word",
    pattern:
      /^SyntaxError: (?:Unexpected (?:strict mode )?reserved word|Unexpected token '(?<word>class|new|var|function|delete|default|enum|in|this|return|switch|case)')/,
  },
  { code: "js.unexpected-token", pattern: /^SyntaxError: Unexpected token (?<token>.{1,40})/ },
  {
    code: "js.unexpected-literal",
    pattern: /^SyntaxError: Unexpected (?<kind>string|number|template string)/,
  },
  {
    code: "js.unterminated-regexp",
    pattern: /^SyntaxError: (?:Invalid regular expression|Unterminated regular)/,
  },
  { code: "js.await", pattern: /^SyntaxError: await is only valid/ },
  {
    code: "js.missing-export",
    pattern:
      /^SyntaxError: The requested module '(?<module>[^']{1,100})' does not provide an export named '(?<name>[^']{1,100})'/,
  },
  { code: "js.illegal-return", pattern: /^SyntaxError: Illegal return statement/ },
  { code: "js.outside-loop", pattern: /^SyntaxError: Illegal (?<word>break|continue) statement/ },
  {
    code: "js.left-hand-side",
    pattern: /^SyntaxError: Invalid (?:left-hand side|destructuring assignment target)/,
  },
  { code: "js.missing-catch", pattern: /^SyntaxError: Missing catch or finally after try/ },
  { code: "js.syntax-error", pattern: /^SyntaxError: / },
  { code: "js.stack-overflow", pattern: /^RangeError: Maximum call stack size exceeded/ },
  { code: "js.array-length", pattern: /^RangeError: Invalid (?:typed )?array length/ },
  { code: "js.repeat-count", pattern: /^RangeError: Invalid count value: (?<count>.{1,40})/ },
  {
    code: "js.no-module",
    pattern: /^Error: Cannot find (?:module|package) '(?:\/w\/)?(?<module>[^']{1,200})'/,
  },
  {
    code: "js.file-not-found",
    pattern: /^Error: ENOENT: no such file or directory, (?<call>\w{1,20}) '(?<path>[^']{1,200})'/,
  },
  { code: "js.exception", pattern: /^(?<type>[A-Za-z_$][\w$.]{0,100})(?::|$)/ },
];

/** What V8 has no words for but that something stands where it is not expected. */
export const jsSourceRules: readonly SourceRule[] = [
  {
    said: ["js.unexpected-token", "js.unexpected-identifier"],
    code: "js.else-if",
    pattern: /\b(?:elif|elseif|elsif)\b/,
  },
];
