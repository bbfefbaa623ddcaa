import type { Rule } from "../parser.ts";

/** What GCC says of C++ only; the special before the general. */
export const cppRules: readonly Rule[] = [
  {
    code: "cpp.missing-std",
    pattern:
      /^[‘'](?<name>[^’']+)[’'] was not declared in this scope; did you mean [‘'](?<suggestion>std::[^’']+)[’']/,
  },
  {
    code: "cpp.misspelled-name",
    pattern:
      /^[‘'](?<name>[^’']+)[’'] was not declared in this scope; did you mean [‘'](?<suggestion>[^’']+)[’']/,
  },
  { code: "cpp.undeclared", pattern: /^[‘'](?<name>[^’']+)[’'] was not declared/ },
  { code: "cpp.undeclared", pattern: /^use of undeclared identifier '(?<name>[^']+)'/ },
  {
    code: "cpp.not-a-member",
    pattern: /^[‘'](?<name>[^’']+)[’'] is not a member of [‘'](?<scope>[^’']+)[’']/,
  },
  {
    code: "cpp.not-a-type",
    pattern: /^[‘'](?<name>[^’']+)[’'](?: in namespace [‘'].{1,60}[’'])? does not name a (?:template )?type/,
  },
  {
    code: "cpp.no-matching-function",
    pattern: /^no matching function for call to [‘'](?<call>.{1,200}?)[’']$/,
  },
  {
    code: "cpp.stream-direction",
    pattern:
      /^no match for [‘']operator(?:<<[’'] \(operand types are [‘']std::(?:basic_)?i[sf]|>>[’'] \(operand types are [‘']std::(?:basic_)?o[sf])/,
  },
  {
    code: "cpp.text-and-number",
    pattern:
      /^no match for [‘']operator\+[’'] \(operand types are [‘']std::string[’'].{0,100} and [‘'](?:int|long|double|float|unsigned|long long)(?: int)?[’']/,
  },
  {
    code: "cpp.no-operator",
    pattern:
      /^no match for [‘']operator(?<operator>[^’']{1,20})[’'](?: \(operand types are [‘'](?<left>.{1,300}?)[’'] and [‘'](?<right>.{1,300}?)[’']\)?)?/,
  },
  {
    code: "cpp.invalid-conversion",
    pattern: /^invalid conversion from [‘'](?<from>[^’']+)[’'] to [‘'](?<to>[^’']+)[’']/,
  },
  {
    code: "cpp.pointer-to-value",
    pattern: /^conversion from [‘'](?<type>.{1,200}?)\*[’'].{0,300} to non-scalar type [‘']\k<type>[’']/,
  },
  {
    code: "cpp.cannot-convert",
    pattern:
      /^(?:cannot convert|conversion from|could not convert) [‘'](?<from>.{1,200}?)[’'](?: \{aka .{1,300}\})? (?:from .{1,200} )?to (?:non-scalar type )?[‘'](?<to>.{1,200}?)[’']/,
  },
  {
    code: "cpp.private",
    pattern: /[‘'](?<member>.{1,200}?)[’'] is (?<access>private|protected) within this context/,
  },
  {
    code: "cpp.const-object",
    pattern: /^passing [‘'](?<type>.{1,200}?)[’'] as [‘']this[’'] argument discards qualifiers/,
  },
  {
    code: "cpp.missing-return",
    pattern: /^(?:no return statement in function returning non-void|control reaches end of non-void)/,
  },
  { code: "cpp.main-returns-int", pattern: /^[‘']::main[’'] must return [‘']int[’']/ },
  { code: "cpp.not-captured", pattern: /^[‘'](?<name>[^’']+)[’'] is not captured/ },
  { code: "cpp.case-scope", pattern: /^jump to (?:case label|[‘']case[’'])/ },
  {
    code: "cpp.override",
    pattern: /^[‘'](?<method>.{1,200}?)[’'] marked [‘']override[’'], but does not override/,
  },
  { code: "cpp.deleted", pattern: /^use of deleted function [‘'](?<function>.{1,300}?)[’']/ },
  {
    code: "cpp.abstract",
    pattern: /(?:abstract class type|abstract type) [‘'](?<type>.{1,200}?)[’']/,
  },
  {
    code: "cpp.uninitialized-reference",
    pattern: /^[‘'](?<name>[^’']+)[’'] declared as reference but not initialized/,
  },
  {
    code: "cpp.ambiguous",
    pattern: /^(?:call of overloaded|reference to) [‘'](?<name>.{1,200}?)[’'] is ambiguous/,
  },
  {
    code: "cpp.template-arguments",
    pattern:
      /^(?:wrong number of template arguments|missing template arguments|template argument \d+ is invalid)/,
  },
];
