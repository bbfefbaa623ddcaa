import type { Rule, SourceRule } from "../parser.ts";

/** What CPython says, the special before the general. */
export const pythonRules: readonly Rule[] = [
  { code: "python.missing-colon", pattern: /^SyntaxError: expected ':'/ },
  { code: "python.unclosed-bracket", pattern: /^SyntaxError: '(?<bracket>[([{])' was never closed/ },
  {
    code: "python.unmatched-bracket",
    pattern: /^SyntaxError: (?:unmatched|closing parenthesis) '(?<bracket>[)\]}])'/,
  },
  {
    code: "python.unterminated-string",
    pattern: /^SyntaxError: (?:unterminated|EOL while scanning|EOF while scanning).*string/,
  },
  {
    code: "python.cannot-assign",
    pattern: /^SyntaxError: cannot assign to (?<target>[^.]{1,100}?)(?: here)?(?:\.|$)/,
  },
  { code: "python.comparison-in-condition", pattern: /^SyntaxError: .*[Mm]aybe you meant '=='/ },
  { code: "python.missing-comma", pattern: /^SyntaxError: invalid syntax\. Perhaps you forgot a comma/ },
  { code: "python.print-statement", pattern: /^SyntaxError: Missing parentheses in call to '(?<name>\w+)'/ },
  {
    code: "python.outside",
    pattern: /^SyntaxError: '(?<word>return|break|yield|await|continue)' (?:outside|not properly in)/,
  },
  {
    code: "python.invalid-character",
    pattern: /^SyntaxError: invalid (?:non-printable )?character '?(?<character>[^' ]+)/,
  },
  {
    code: "python.repeated-argument",
    pattern: /^SyntaxError: (?:keyword argument repeated: |duplicate argument ')(?<name>\w+)/,
  },
  {
    code: "python.order-of-arguments",
    pattern: /^SyntaxError: positional argument follows keyword argument/,
  },
  { code: "python.leading-zero", pattern: /^SyntaxError: leading zeros in decimal integer literals/ },
  { code: "python.f-string", pattern: /^SyntaxError: f-string: / },
  { code: "python.syntax-error", pattern: /^SyntaxError: / },
  {
    code: "python.expected-indented-block",
    pattern:
      /^IndentationError: expected an indented block(?: after (?<after>.{1,60}?) on line (?<line>\d+))?/,
  },
  { code: "python.unexpected-indent", pattern: /^IndentationError: unexpected indent/ },
  { code: "python.unindent-mismatch", pattern: /^IndentationError: unindent does not match/ },
  { code: "python.mixed-tabs", pattern: /^TabError: / },
  {
    code: "python.forgotten-import",
    pattern:
      /^NameError: name '(?<name>collections|datetime|functools|heapq|itertools|json|math|os|random|re|statistics|sys)' is not defined/,
  },
  {
    code: "python.forgotten-import",
    pattern: /^NameError: name '(?<name>[^']+)' is not defined\. Did you forget to import/,
  },
  { code: "python.null", pattern: /^NameError: name '(?<name>null|NULL|nil|undefined)' is not defined/ },
  {
    code: "python.misspelled-name",
    pattern: /^NameError: name '(?<name>[^']+)' is not defined\. Did you mean: '(?<suggestion>[^']+)'/,
  },
  { code: "python.name-error", pattern: /^NameError: name '(?<name>[^']+)' is not defined/ },
  {
    code: "python.unbound-local",
    pattern: /^UnboundLocalError: (?:cannot access local variable|local variable) '(?<name>[^']+)'/,
  },
  {
    code: "python.format-arguments",
    pattern: /^(?:IndexError: Replacement index|TypeError: not enough arguments for format)/,
  },
  { code: "python.list-assignment", pattern: /^IndexError: list assignment index out of range/ },
  { code: "python.pop-from-empty", pattern: /^IndexError: pop from (?:an )?empty (?<type>\w+)/ },
  {
    code: "python.index-out-of-range",
    pattern: /^IndexError: [\w ]{0,60}index out of range/,
  },
  { code: "python.key-error", pattern: /^KeyError: (?<key>.{1,100})/ },
  {
    code: "python.none-attribute",
    pattern: /^AttributeError: 'NoneType' object has no attribute '(?<attribute>[^']+)'/,
  },
  {
    code: "python.length-attribute",
    pattern:
      /^AttributeError: '(?<type>str|list|tuple|dict|set|range)' object has no attribute '(?<attribute>len|length|size)'/,
  },
  {
    code: "python.misspelled-attribute",
    pattern:
      /^AttributeError: .{1,200} has no attribute '(?<attribute>[^']+)'\. Did you mean: '(?<suggestion>[^']+)'/,
  },
  {
    code: "python.attribute-error",
    pattern:
      /^AttributeError: (?:'(?<type>[^']+)' object|(?:module|type object) '(?<owner>[^']+)') has no attribute '(?<attribute>[^']+)'/,
  },
  {
    code: "python.none-value",
    pattern:
      /^TypeError: (?:unsupported operand type\(s\) for [^:]{1,30}: (?:'[^']{1,100}' and )?'NoneType'|'NoneType' object (?:is not|does not support)|'[^']{1,10}' not supported between instances of (?:'[^']{1,100}' and )?'NoneType'|object of type 'NoneType' has no len|\w{1,20}\(\) argument must be .*, not '?NoneType|can only concatenate \w+ \(not "NoneType"\)|cannot unpack non-iterable NoneType)/,
  },
  { code: "python.not-callable", pattern: /^TypeError: '(?<type>[^']+)' object is not callable/ },
  { code: "python.not-subscriptable", pattern: /^TypeError: '(?<type>[^']+)' object is not subscriptable/ },
  {
    code: "python.cannot-unpack",
    pattern: /^TypeError: cannot unpack non-iterable (?<type>\S{1,100}) object/,
  },
  { code: "python.not-iterable", pattern: /^TypeError: '(?<type>[^']+)' object is not iterable/ },
  {
    code: "python.needs-integer",
    pattern: /^TypeError: '(?<type>[^']+)' object cannot be interpreted as an integer/,
  },
  {
    code: "python.multiply",
    pattern: /^TypeError: can't multiply sequence by non-int of type '(?<type>[^']+)'/,
  },
  {
    code: "python.join",
    pattern: /^TypeError: sequence item \d+: expected str instance, (?<type>\w{1,100}) found/,
  },
  { code: "python.percent-of-text", pattern: /^TypeError: not all arguments converted/ },
  {
    code: "python.item-assignment",
    pattern: /^TypeError: '(?<type>[^']+)' object does not support item assignment/,
  },
  {
    code: "python.index-type",
    pattern: /^TypeError: (?<type>\w+) indices must be integers(?: or slices)?, not '?(?<index>[\w.]+)/,
  },
  {
    code: "python.concatenate",
    pattern: /^TypeError: can only concatenate (?<left>\w+) \(not "(?<right>[^"]+)"\) to/,
  },
  {
    code: "python.operand-types",
    pattern:
      /^TypeError: unsupported operand type\(s\) for (?<operator>[^:]{1,30}): '(?<left>[^']+)' and '(?<right>[^']+)'/,
  },
  {
    code: "python.not-comparable",
    pattern:
      /^TypeError: '(?<operator>[^']+)' not supported between instances of '(?<left>[^']+)' and '(?<right>[^']+)'/,
  },
  {
    code: "python.missing-argument",
    pattern:
      /^TypeError: (?<function>[\w.<>]{1,100})\(\) missing \d+ required (?:positional|keyword-only) arguments?: (?<names>.{1,100})/,
  },
  { code: "python.no-init", pattern: /^TypeError: (?<class>\w{1,100})\(\) takes no arguments$/ },
  {
    code: "python.too-many-arguments",
    pattern:
      /^TypeError: (?<function>[\w.<>]{1,100})\(\) takes (?:from \d+ to )?(?<expected>\d+|no) (?:positional )?arguments? (?:but|\()(?<given>\d+)?/,
  },
  {
    code: "python.unexpected-keyword",
    pattern:
      /^TypeError: (?<function>[\w.<>]{1,100})\(\) got an unexpected keyword argument '(?<name>[^']+)'/,
  },
  { code: "python.unhashable", pattern: /^TypeError: unhashable type: '(?<type>[^']+)'/ },
  {
    code: "python.int-of-type",
    pattern: /^TypeError: (?<function>int|float)\(\) argument must be .*, not '(?<type>[^']+)'/,
  },
  { code: "python.length-of-type", pattern: /^TypeError: object of type '(?<type>[^']+)' has no len\(\)/ },
  {
    code: "python.invalid-int",
    pattern: /^ValueError: invalid literal for int\(\) with base \d+: (?<text>.{1,100})/,
  },
  {
    code: "python.invalid-float",
    pattern: /^ValueError: could not convert string to float: (?<text>.{1,100})/,
  },
  {
    code: "python.unpack-few",
    pattern:
      /^ValueError: not enough values to unpack \(expected (?:at least )?(?<expected>\d+), got (?<given>\d+)/,
  },
  {
    code: "python.unpack-many",
    pattern: /^ValueError: too many values to unpack \(expected (?<expected>\d+)/,
  },
  {
    code: "python.not-in-list",
    pattern: /^ValueError: (?:.{1,100} is not in list|list\.remove\(x\): x not in list|substring not found)/,
  },
  {
    code: "python.empty-sequence",
    pattern: /^ValueError: (?<function>min|max)\(\) (?:arg is an empty sequence|iterable argument is empty)/,
  },
  { code: "python.math-domain", pattern: /^ValueError: (?:math domain error|expected a nonnegative input)/ },
  { code: "python.zero-division", pattern: /^ZeroDivisionError: / },
  { code: "python.recursion", pattern: /^RecursionError: / },
  { code: "python.end-of-input", pattern: /^EOFError: EOF when reading a line/ },
  { code: "python.no-module", pattern: /^ModuleNotFoundError: No module named '(?<module>[^']+)'/ },
  {
    code: "python.cannot-import",
    pattern: /^ImportError: cannot import name '(?<name>[^']+)' from '(?<module>[^']+)'/,
  },
  {
    code: "python.file-not-found",
    pattern: /^FileNotFoundError: \[Errno 2\] No such file or directory: '(?<path>[^']{1,200})'/,
  },
  { code: "python.assertion", pattern: /^AssertionError/ },
  { code: "python.overflow", pattern: /^OverflowError: / },
  {
    code: "python.changed-while-iterating",
    pattern: /^RuntimeError: (?<type>\w+) changed size during iteration/,
  },
  { code: "python.out-of-memory", pattern: /^MemoryError/ },
  { code: "python.exception", pattern: /^(?<type>[A-Za-z_][\w.]{0,100})(?::|$)/ },
];

const keywords =
  "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield";

/** What Python has no words for but that the line can't be read. */
export const pythonSourceRules: readonly SourceRule[] = [
  {
    said: ["python.syntax-error", "python.missing-colon"],
    code: "python.else-if",
    pattern: /^\s*(?:else +if|elseif|elsif)\b/,
  },
  {
    said: ["python.syntax-error"],
    code: "python.keyword-as-name",
    pattern: new RegExp(String.raw`^\s*(?<word>${keywords}) *=(?!=)`),
  },
  {
    said: ["python.syntax-error", "python.missing-colon"],
    code: "python.other-language",
    pattern:
      /&&|\|\||(?<![=!<>])!(?!=)|\w(?:\+\+|--)\s*[);]*\s*$|^\s*(?:if|while|for|else|def|class)\b.*\{\s*$/,
  },
];
