/** What no other family has: whose file holds it, is of this one, whatever else it holds. */
export const proofs: Readonly<Record<string, readonly RegExp[]>> = {
  bun: [/\bBun\.\w/u, /\bfrom\s+["']bun(?::\w+)?["']/u],
  "scheme-chicken": [/^\(import\b.*[( ]chicken\b/u, /^\((?:declare|require-extension)\s/u],
  deno: [/\bDeno\.\w/u, /\bfrom\s+["']jsr:/u],
  luajit: [/\brequire\s*\(?\s*["'](?:ffi|jit|bit)["']/u],
  pypy: [/^(?:import|from)\s+__pypy__\b/u],
  racket: [/^#lang\s/u],
  raku: [/^use\s+v6\b/u],
};

/**
 * What tells a family from others with the same extension. Each sign that is found counts once; the family
 * with the most wins. Signs are looked for in each line by itself, without the blanks around it.
 */
export const signs: Readonly<Record<string, readonly RegExp[]>> = {
  clojure: [/^\((?:ns|defn|def)\s/u, /^\(println\b/u],
  forth: [
    /^: \S+/u,
    /(?:^|\s);\s*$/u,
    /^\\(?: |$)/u,
    /\( [^()\n]*-- [^()\n]*\)/u,
    /(?:^|\s)\." /u,
    /(?:^|\s)(?:bye|cr|dup|swap|drop)(?:\s|$)/iu,
  ],
  fortran: [
    /^(?:program|subroutine|module|recursive function)\s+\w+/iu,
    /^implicit none\b/iu,
    /^(?:print|read)\s*\*/iu,
    /\bwrite\s*\(\s*\*/iu,
    /^end\s+(?:program|do|if|subroutine|function|module)\b/iu,
  ],
  fsharp: [
    /^(?:open|module|namespace) [A-Z]/u,
    /^let (?:rec |mutable |inline )?\w+.*=/u,
    /\bprintfn?\b/u,
    /\|>/u,
    /^\[<\w/u,
    /^type \w+/u,
    /^\/\//u,
  ],
  gas: [
    /^\.(?:text|data|bss|globl|global|section|ascii|asciz|string|quad|long|byte|intel_syntax|type)\b/u,
    /%[re]?[a-d]x\b|%r(?:[sd]i|[sb]p|ip|\d+)/u,
    /(?:^|[\s,])\$(?:\w|-\d)/u,
    /^[#/]/u,
  ],
  lisp: [
    /^\((?:defun|defvar|defparameter|defmacro|in-package|defclass)\s/u,
    /\(format t\b/u,
    /#'\w/u,
    /\((?:let\*?|loop|handler-case|write-line|print|princ)\b/u,
  ],
  nasm: [
    /^(?:section|segment|global|extern|bits|default)\s+[.\w]/iu,
    /(?:^|\s)(?:d[bwdq]|res[bwdq]|equ)\s/iu,
    /^%(?:define|macro|include|assign)\b/u,
    /^;/u,
  ],
  newlisp: [/^\(define \(/u, /\((?:main-args|println|silent|dolist)\b/u, /\(exit\)/u],
  octave: [
    /^%/u,
    /^function\b/u,
    /^end(?:function|if|for|while)?\s*;?\s*$/u,
    /^(?:disp|printf|fprintf|fputs|puts|error|exit)\s*\(/u,
    /^(?:clear|clc|pkg load|1;)/u,
    /^\w+\s*=\s*\[/u,
  ],
  "objective-c": [
    /^#\s*(?:import|include|define|ifdef)\b/u,
    /^@(?:interface|implementation|protocol|class|property|end|import)\b/u,
    /@(?:autoreleasepool|selector|try|throw)\b|@"/u,
    /\bint\s+main\s*\(/u,
    /\bNS[A-Z]\w+/u,
    /^(?:\/\/|\/\*)/u,
  ],
  pascal: [/^program\s+\w+/iu, /^(?:begin|uses\s+\w+)/iu, /\bwriteln\b/iu, /\bend\.\s*$/iu],
  perl: [
    /^(?:use|no|require|package)\s+[\w:.]+/u,
    /\b(?:my|our|local)\s*[($@%]/u,
    /^sub\s+\w+/u,
    /[$@%]\w+\s*(?:=|\[|\{|->)/u,
    /^(?:print|printf|say|die|exit|while|foreach)\b.*[;{]\s*$/u,
  ],
  picolisp: [/^\(de \w/u, /\((?:prinl|bye|setq|for)\b/u],
  prolog: [
    /^:-\s*[a-z]/u,
    /^[a-z]\w*(?:\([^\n]*\))?\s*:-/u,
    /^[a-z]\w*\([^\n]*\)\.\s*$/u,
    /^(?:%|\/\*)/u,
    /-->/u,
  ],
  r: [/<-\s/u, /^(?:library|cat|print|quit)\s*\(/u, /\bfunction\s*\(/u],
  racket: [/^\(module\b/u, /\(require\s/u],
  raku: [/\b(?:sub MAIN|multi sub|multi method)\b/u, /^(?:say|my \w+ [$@%])/u, /\b(?:await|start)\s*\{/u],
  scala: [
    /^(?:object|class|trait|case class|package|import)\s+\w/u,
    /\b(?:def|val|var)\s+\w+/u,
    /^@main\b/u,
    /\bprintln\s*\(/u,
  ],
  scheme: [
    /^\(define\b/u,
    /^\(use-modules\b/u,
    /\(ice-9\b|\(srfi srfi-/u,
    /\((?:display|newline|lambda|let)\b/u,
    /^;/u,
  ],
  sml: [/^(?:val|fun|structure|signature|datatype)\s+\w/u, /\bprint\s*[("]/u],
  ocaml: [/^let\s+(?:rec\s+|\(\))/u, /\b(?:print_(?:string|endline|int)|Printf\.)/u, /;;/u],
};
