import type { Rule } from "../parser.ts";

// GCC quotes with ‘…’ in UTF-8 and with '…' otherwise, Clang with '…', the linker with `…'.

/** What GCC and Clang say of C, and of C++ in the same words; the special before the general. */
export const cRules: readonly Rule[] = [
  { code: "c.missing-main", pattern: /undefined reference to [`'‘]main['’]/ },
  { code: "c.undefined-reference", pattern: /undefined reference to [`'‘](?<name>.{1,200}?)['’]$/ },
  { code: "c.multiple-definition", pattern: /multiple definition of [`'‘](?<name>.{1,200}?)['’]/ },
  {
    code: "cpp.old-header",
    pattern: /^(?:')?(?<header>(?:fstream|iomanip|iostream|sstream))\.h(?:'|: )/,
  },
  {
    code: "c.header-of-cpp",
    pattern:
      /^(?:')?(?<header>algorithm|bits\/stdc\+\+\.h|cmath|cstdio|cstdlib|cstring|fstream|iomanip|iostream|map|queue|set|sstream|stack|string|utility|vector)(?:'|: )/,
  },
  { code: "c.header-not-found", pattern: /^(?<header>[^:']{1,200}): No such file or directory/ },
  { code: "c.header-not-found", pattern: /^'(?<header>[^']{1,200})' file not found/ },
  { code: "c.undeclared", pattern: /^[‘'](?<name>[^’']+)[’'] undeclared/ },
  {
    code: "c.misspelled-function",
    pattern:
      /implicit declaration of function [‘'](?<name>[^’']+)[’']; did you mean [‘'](?<suggestion>[^’']+)[’']/,
  },
  { code: "c.implicit-function", pattern: /implicit declaration of function [‘'](?<name>[^’']+)[’']/ },
  { code: "c.implicit-function", pattern: /^call to undeclared (?:library )?function '(?<name>[^']+)'/ },
  { code: "c.no-string", pattern: /^unknown type name [‘']string[’']/ },
  {
    code: "c.word-of-cpp",
    pattern: /^unknown type name [‘'](?<word>class|namespace|template|using)[’']/,
  },
  {
    code: "c.tag-missing",
    pattern:
      /^(?:unknown type name [‘'](?<name>[^’']+)[’']; use|must use) [‘'](?<tag>struct|union|enum)[’'] (?:keyword|tag)/,
  },
  { code: "c.unknown-type", pattern: /^unknown type name [‘'](?<name>[^’']+)[’']/ },
  {
    code: "c.semicolon-after-type",
    pattern:
      /^expected [‘'];[’'](?:, identifier or [‘']\([’'] before| after (?:class|struct|union|enum)(?: definition)?)/,
  },
  {
    code: "c.outside-function",
    pattern:
      /^expected (?:identifier or [‘']\([’']|declaration|unqualified-id) before [‘']?(?:[{}]|do|else|for|if|return|switch|while)[’'](?: token)?/,
  },
  { code: "c.outside-function", pattern: /^[‘'](?:cin|cout|cerr)[’'].* does not name a type/ },
  {
    code: "c.missing-semicolon",
    pattern: /^expected (?:[‘'],[’'] or )?[‘']?;[’']?(?: |$)/,
  },
  { code: "c.missing-brace", pattern: /^expected (?:declaration or statement|[‘'][})][’']) at end of input/ },
  { code: "c.missing-brace", pattern: /^expected '\}'$/ },
  { code: "c.missing-angle-bracket", pattern: /^(?:missing terminating > character|expected "FILENAME")/ },
  { code: "c.missing-quote", pattern: /^missing terminating (?<quote>.) character/ },
  {
    code: "c.stray",
    pattern: /^(?:extended character .{1,20} is not valid|stray [‘'](?<character>[^’']+)[’'])/,
  },
  {
    code: "c.else-without-if",
    pattern: /^(?:[‘']else[’'] without a previous [‘']if[’']|expected expression before [‘']else[’'])/,
  },
  { code: "c.expected", pattern: /^expected (?<expected>.{1,120}?) (?:before|at) (?<before>.{1,80})/ },
  {
    code: "c.too-few-arguments",
    pattern: /^too few arguments to function(?: call)?(?: [‘'](?<function>[^’']+)[’'])?/,
  },
  {
    code: "c.too-many-arguments",
    pattern: /^too many arguments to function(?: call)?(?: [‘'](?<function>[^’']+)[’'])?/,
  },
  { code: "c.conflicting-types", pattern: /^conflicting types for [‘'](?<name>[^’']+)[’']/ },
  { code: "c.redeclared", pattern: /^(?:redefinition|redeclaration) of [‘']?(?<name>[^’']+)/ },
  {
    code: "c.no-address",
    pattern: /^(?:lvalue required as unary [‘']&[’'] operand|cannot take the address of)/,
  },
  { code: "c.not-assignable", pattern: /^lvalue required as (?<where>.{1,60})/ },
  { code: "c.not-assignable", pattern: /^expression is not assignable/ },
  { code: "c.no-member", pattern: /(?:has no member named|no member named) [‘'](?<member>[^’']+)[’']/ },
  { code: "c.member-of-pointer", pattern: /is a pointer; did you mean to use [‘']->[’']/ },
  {
    code: "c.member-of-pointer",
    pattern: /^request for member [‘'](?<member>[^’']+)[’'] in .{1,200}, which is of pointer type/,
  },
  {
    code: "c.arrow-on-value",
    pattern:
      /^(?:invalid type argument of [‘']->[’']|base operand of [‘']->[’'] has non-pointer|member reference type .{1,200} is not a pointer)/,
  },
  {
    code: "c.not-a-pointer",
    pattern: /^(?:invalid type argument of unary [‘']\*[’']|indirection requires pointer)/,
  },
  {
    code: "c.missing-type",
    pattern: /^(?:return type defaults to|ISO C\+\+ forbids declaration of [‘'][^’']+[’'] with no type)/,
  },
  {
    code: "c.compare-text",
    pattern: /^(?:ISO C\+\+ forbids )?comparison between pointer and integer/,
  },
  {
    code: "c.text-for-character",
    pattern: /(?:of|to) [‘']char[’'] from [‘'](?:const )?char ?\*[’'] makes integer from pointer/,
  },
  {
    code: "c.text-for-character",
    pattern: /^invalid conversion from [‘']const char\*[’'] to [‘']char[’']/,
  },
  {
    code: "c.multi-character",
    pattern: /^(?:multi-character character constant|character constant too long)/,
  },
  { code: "c.not-a-function", pattern: /^called object [‘'](?<name>[^’']+)[’'] is not a function/ },
  { code: "c.not-a-function", pattern: /^[‘'](?<name>[^’']+)[’'] cannot be used as a function/ },
  { code: "c.not-an-array", pattern: /^subscripted value is neither array nor pointer/ },
  { code: "c.void-value", pattern: /^void value not ignored/ },
  {
    code: "c.read-only",
    pattern:
      /^(?:assignment|increment|decrement) of read-only (?:variable|location|member|parameter) [‘'](?<name>[^’']+)[’']/,
  },
  { code: "c.break-outside-loop", pattern: /^(?<word>break|continue) statement not within/ },
  { code: "c.duplicate-case", pattern: /^duplicate case value/ },
  {
    code: "c.pointer-and-integer",
    pattern: /makes (?<made>pointer|integer) from (?:pointer|integer) without a cast/,
  },
  { code: "c.incompatible-pointer", pattern: /from incompatible pointer type/ },
  {
    code: "c.incompatible-types",
    pattern: /^incompatible types? .{1,60}?(?:using|from) type [‘'](?<from>[^’']+)[’']/,
  },
  {
    code: "c.incompatible-types",
    pattern:
      /^incompatible types when assigning to type [‘'](?<to>[^’']+)[’'] from type [‘'](?<from>[^’']+)[’']/,
  },
  {
    code: "cpp.texts-joined",
    pattern:
      /^invalid operands of types [‘']const char ?(?:\[\d+\]|\*)[’'] and [‘']const char ?(?:\[\d+\]|\*)[’'] to binary [‘']operator\+/,
  },
  { code: "c.invalid-operands", pattern: /^invalid operands to binary (?<operator>\S{1,4})/ },
  {
    code: "c.invalid-operands",
    pattern: /^invalid operands of types .{1,300} to binary [‘']operator(?<operator>[^’']{1,3})/,
  },
  { code: "c.array-assignment", pattern: /^assignment to expression with array type/ },
  { code: "c.local-address", pattern: /^function returns address of local variable/ },
  {
    code: "c.overflow",
    pattern: /overflow in conversion from [‘'](?<from>[^’']+)[’'] to [‘'](?<to>[^’']+)[’']/,
  },
];

/** What programs of GCC say when they end. */
export const cRunRules: readonly Rule[] = [
  { code: "c.assertion", pattern: /: Assertion .(?<condition>.{1,200})' failed\.$/ },
  { code: "c.double-free", pattern: /^(?:free\(\): double free detected|double free or corruption)/ },
  { code: "c.invalid-free", pattern: /^(?:free|munmap_chunk|realloc)\(\): invalid (?:pointer|size)/ },
  {
    code: "c.heap-corruption",
    pattern:
      /^(?:malloc|free|realloc|corrupted|malloc_consolidate|sysmalloc)[^:]{0,20}[: ].{0,40}(?:corrupted|invalid|size vs|unaligned)/,
  },
  {
    code: "cpp.number-too-large",
    pattern: /^terminate called .*'std::out_of_range': (?<function>sto\w{1,3})$/,
  },
  {
    code: "cpp.no-key",
    pattern: /^terminate called .*'std::out_of_range': .{0,40}(?:map::at|_Map_base::at)/,
  },
  {
    code: "cpp.out-of-range",
    pattern:
      /^terminate called .*'std::out_of_range'(?::.*__n \(which is (?<index>\d+)\) >= .*\(which is (?<size>\d+)\))?/,
  },
  { code: "cpp.out-of-memory", pattern: /^terminate called .*'std::bad_alloc'/ },
  { code: "cpp.bad-length", pattern: /^terminate called .*'std::(?:length_error|bad_array_new_length)'/ },
  {
    code: "cpp.invalid-argument",
    pattern: /^terminate called .*'std::invalid_argument'(?:: (?<function>\w+))?/,
  },
  { code: "cpp.uncaught", pattern: /^terminate called after throwing an instance of '(?<type>[^']{1,200})'/ },
  { code: "cpp.uncaught", pattern: /^terminate called without an active exception/ },
];
