import { afterAll, describe, expect, test } from "vitest";
import { renderStatement } from "./render.ts";
import type { StatementOfProblem } from "./render.ts";
import { StatementRenderer } from "./renderer.ts";

const statementOf = (
  format: "md" | "tex",
  source: string,
  more: Partial<StatementOfProblem> = {},
): StatementOfProblem => ({
  format,
  source,
  language: "en",
  title: "Title",
  samples: [],
  images: new Map([["pic.png", "data:image/png;base64,AAAA"]]),
  credits: { license: "cc0", rightsOwner: null, authors: [], sources: [] },
  attachments: [],
  ...more,
});

const page = (format: "md" | "tex", source: string, more: Partial<StatementOfProblem> = {}): string =>
  renderStatement(statementOf(format, source, more));

/** What stands in the page as its statement. */
const body = (format: "md" | "tex", source: string, more: Partial<StatementOfProblem> = {}): string =>
  /<main class="statement">\n(?<body>[\s\S]*?)\n*<\/main>/u.exec(page(format, source, more))?.groups?.[
    "body"
  ] ?? "";

describe("TeX", () => {
  test.each([
    ["One.\n\nTwo\nlines.", "<p>One.</p><p>Two lines.</p>"],
    ["a % comment\nb", "<p>a b</p>"],
    [
      String.raw`\emph{a} \textbf{b} \texttt{c} \textit{d} \underline{e}`,
      "<p><em>a</em> <strong>b</strong> <code>c</code> <em>d</em> <u>e</u></p>",
    ],
    [
      String.raw`{\bf a} {\it b} {\tt c} {\em d}`,
      "<p><strong>a</strong> <em>b</em> <code>c</code> <em>d</em></p>",
    ],
    [String.raw`\bf{a} b`, "<p><strong>a</strong> b</p>"],
    ["``a'' `b' c--d---e", "<p>“a” ‘b’ c–d—e</p>"],
    [
      String.raw`na\"ive \'etude \c{c}a \v{s} \~n \o \ss{} \aa{} \H{o} \"{u} {\'a}`,
      "<p>naïve étude ça š ñ øß å ő ü á</p>",
    ],
    [String.raw`5\% \$1 \& \# \_ \{x\} a~b \ldots`, "<p>5% $1 &#x26; # _ {x} a\u00a0b …</p>"],
    [String.raw`\section*{Input} x`, "<h2>Input</h2><p>x</p>"],
    [String.raw`\InputFile x \OutputFile y`, "<h2>Input</h2><p>x</p><h2>Output</h2><p>y</p>"],
    [String.raw`\begin{itemize}\item a \item b\end{itemize}`, "<ul><li>a</li><li>b</li></ul>"],
    [
      String.raw`\begin{enumerate}[(a)]\item a\begin{itemize}\item b\end{itemize}\end{enumerate}`,
      "<ol><li><p>a</p><ul><li>b</li></ul></li></ol>",
    ],
    [
      String.raw`\begin{description}\item[x] a\end{description}`,
      '<dl class="description"><dt>x</dt><dd>a</dd></dl>',
    ],
    [
      String.raw`\begin{tabular}{|l|r|}\hline a & b \\ \hline c & d \\ \hline\end{tabular}`,
      '<table><tbody><tr><td align="left">a</td><td align="right">b</td></tr><tr><td align="left">c</td><td align="right">d</td></tr></tbody></table>',
    ],
    [
      String.raw`\begin{tabular}{lcr}\multicolumn{2}{c}{a} & b\end{tabular}`,
      '<table><tbody><tr><td align="center" colspan="2">a</td><td align="right">b</td></tr></tbody></table>',
    ],
    ["\\begin{verbatim}\n\\x {$} <b>\n\\end{verbatim}", "<pre>\\x {$} &#x3C;b></pre>"],
    [String.raw`\verb|\x{|`, "<p><code>\\x{</code></p>"],
    [String.raw`a\\b`, "<p>a<br>b</p>"],
    [
      String.raw`\includegraphics[width=0.5\textwidth]{pic.png}`,
      '<p><img src="data:image/png;base64,AAAA" alt="" width="50%"></p>',
    ],
    [
      String.raw`\illustration{0.4}{pic}{By $x$}`,
      '<figure class="illustration"><img src="data:image/png;base64,AAAA" alt="" width="40%"><figcaption>By <math><mi>x</mi></math></figcaption></figure>',
    ],
    [
      String.raw`\includegraphics{../../data/secret/1.png}`,
      '<p><span class="unknown">[image: ../../data/secret/1.png]</span></p>',
    ],
    [String.raw`\href{https://example.org/a%20b}{x}`, '<p><a href="https://example.org/a%20b">x</a></p>'],
    [
      String.raw`\url{https://example.org/}`,
      '<p><a href="https://example.org/">https://example.org/</a></p>',
    ],
    [String.raw`\newcommand{\maxn}{100} at most \maxn{} and \maxn`, "<p>at most 100 and 100</p>"],
    [String.raw`\newcommand{\pair}[2]{(#1, #2)} \pair{a}{b}`, "<p>(a, b)</p>"],
    [String.raw`\def\x{y} \x`, "<p>y</p>"],
    [String.raw`\mystery{a}`, '<p><span class="unknown">\\mystery</span>a</p>'],
    [
      String.raw`\begin{mystery}a\end{mystery}`,
      '<p><span class="unknown">\\begin{mystery}</span></p><p>a</p>',
    ],
    [String.raw`\input{/etc/passwd}`, '<p><span class="unknown">\\input</span>/etc/passwd</p>'],
    [String.raw`\write18{rm}`, '<p><span class="unknown">\\write</span>18rm</p>'],
    ["a } b { c", "<p>a  b  c</p>"],
    [String.raw`\begin{center}a\end{center}`, '<div class="center"><p>a</p></div>'],
    ["a & b", "<p>a &#x26; b</p>"],
    ["", ""],
  ])("%j", (source, expected) => {
    expect(body("tex", source)).toBe(expected);
  });

  test("formulas are MathML, with the document's definitions", () => {
    const html = body(
      "tex",
      String.raw`\newcommand{\maxn}{10^5} $n \le \maxn$, \(a\), $$b$$, \[c\], \begin{align*}x &= 1 \\ y &= 2\end{align*}`,
    );
    expect(html.match(/<math/gu)).toHaveLength(5);
    expect(html).toContain("<mn>10</mn>");
    expect(html.match(/display="block"/gu)).toHaveLength(3);
    expect(html).not.toContain("$");
  });

  test("the title is that of \\problemname", () => {
    expect(page("tex", String.raw`\problemname{Na\"ive \& Sons} x`)).toContain(
      "<title>Naïve &#38; Sons</title>",
    );
    expect(page("tex", "x")).toContain("<h1>Title</h1>");
    expect(page("tex", String.raw`\begin{problem}{Old}{in}{out}{1 s}{64 MB}x\end{problem}`)).toContain(
      "<h1>Old</h1>",
    );
  });

  test("a whole document is read between its begin and end", () => {
    const source = String.raw`\documentclass{article}\usepackage{x}\begin{document}a\end{document} z`;
    expect(body("tex", source)).toBe("<p>a</p>");
  });
});

describe("Markdown", () => {
  test.each([
    ["One *a* **b** `c`.", "<p>One <em>a</em> <strong>b</strong> <code>c</code>.</p>"],
    ["## Input", "<h2>Input</h2>"],
    ["- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"],
    [
      "| a | b |\n| - | -: |\n| 1 | 2 |",
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>',
    ],
    ["![dot](pic.png)", '<p><img src="data:image/png;base64,AAAA" alt="dot"></p>'],
    ["![far](https://evil.example/x.png)", '<p><span class="unknown">[image: far]</span></p>'],
    ["![far](//evil.example/x.png)", '<p><span class="unknown">[image: far]</span></p>'],
    ["![d](data:image/svg+xml,<svg/>)", '<p><span class="unknown">[image: d]</span></p>'],
    ["[x](https://example.org)", '<p><a href="https://example.org">x</a></p>'],
    ["```\n<b>\n```", "<pre><code>&#x3C;b>\n</code></pre>"],
    ["costs \\$5", "<p>costs $5</p>"],
  ])("%j", (source, expected) => {
    expect(
      body("md", source)
        .replace(/>\n(?=<\/?(?:t|thead|tbody|tr|th|td))/gu, ">")
        .replace("<table>\n", "<table>"),
    ).toBe(expected);
  });

  test("formulas are MathML", () => {
    const html = body("md", "Let $a_1 \\le 5$.\n\n$$\n\\sum_{i=1}^n i\n$$\n");
    expect(html.match(/<math/gu)).toHaveLength(2);
    expect(html).toContain('display="block"');
  });
});

/** Whatever an author writes: none of these may come out as more than text. */
describe("nothing runs", () => {
  const attacks = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>body{display:none}</style>",
    '<p style="position:fixed">x</p>',
    "<iframe src=https://evil.example></iframe>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    '![x](pic.png" onerror="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\class{evil}{x}$ $\\style{color:red;position:fixed}{x}$ $\\id{a}{x}$ $\\data{a=b}{x}$",
    "$\\text{<script>alert(1)</script>}$",
    "$</math><script>alert(1)</script>$",
    "$\\includegraphics{https://evil.example/x.png}$",
    "$\\color{red;background:url(https://evil.example)}x$",
    '$\\textcolor{"onload=alert(1)}{x}$',
    "$\\unicode{x3c}script$",
    "$\\html{<script>}$",
    String.raw`\href{javascript:alert(1)}{x}`,
    String.raw`\href{JAVASCRIPT:alert(1)}{x}`,
    String.raw`\href{ javascript:alert(1)}{x}`,
    String.raw`\url{javascript:alert(1)}`,
    String.raw`\href{https://x"onmouseover="alert(1)}{x}`,
    String.raw`\includegraphics{x" onerror="alert(1)}`,
    String.raw`\includegraphics[width=1" onload="alert(1)]{pic}`,
    String.raw`\problemname{</title><script>alert(1)</script>}`,
    String.raw`\textcolor{red;}{<script>}`,
    "\\begin{verbatim}\n</pre><script>alert(1)</script>\n\\end{verbatim}",
    String.raw`\begin{<script>}x\end{<script>}`,
  ];
  test.each(attacks.flatMap((attack) => [["md", attack] as const, ["tex", attack] as const]))(
    "in %s: %j",
    (format, attack) => {
      const html = page(format, attack, { title: attack });
      const tags = html.replace(/<style>[\s\S]*?<\/style>/u, "").match(/<[a-zA-Z/!][^>]*>/gu) ?? [];
      for (const tag of tags) {
        expect(tag).not.toMatch(/^<\/?(?:script|style|iframe|svg|object|embed|form|base|link)\b/iu);
        expect(tag.replace(/"[^"]*"/gu, '""')).not.toMatch(/\son\w+\s*=|\sstyle=(?!"")/iu);
        expect(tag).not.toMatch(/(?:href|src)="\s*(?:javascript|vbscript|data:text)/iu);
        expect(tag).not.toMatch(/evil\.example|position/u);
      }
    },
  );

  test("credits, attachments and samples are text", () => {
    const evil = '"><script>alert(1)</script>';
    const html = page("md", "x", {
      language: evil,
      samples: [
        { kind: "files", input: evil, answer: evil },
        { kind: "interaction", text: `<${evil}\n>${evil}\n` },
      ],
      credits: {
        license: evil,
        rightsOwner: evil,
        authors: [evil],
        sources: [{ name: evil, url: `javascript:${evil}` }],
      },
      attachments: [{ name: evil, url: evil }],
    });
    expect(html).not.toContain("<script");
    expect(html).not.toContain('href="javascript');
  });
});

describe("what is too much is bounded", () => {
  const renderer = new StatementRenderer({ timeoutMs: 1000 });
  afterAll(async () => await renderer[Symbol.asyncDispose]());
  test.each<[string, "md" | "tex", string]>([
    ["quotes in quotes", "md", many("> ", 20_000)],
    ["lists in lists", "md", many("- ", 20_000)],
    ["open brackets", "md", many("[", 50_000)],
    ["open emphasis", "md", many("*a ", 30_000)],
    ["backquotes", "md", Array.from({ length: 600 }, (_, index) => many("`", index)).join(" ")],
    ["many formulas", "md", many("$x^2$ ", 10_000)],
    ["a wide table", "md", `${many("|a", 3000)}\n${many("|-", 3000)}\n`],
    ["a large document", "md", many("word ", 300_000)],
    ["groups in groups", "tex", many("{", 50_000)],
    ["blocks in blocks", "tex", many("\\begin{itemize}\\item ", 20_000)],
    ["fonts in fonts", "tex", many("\\emph{", 20_000)],
    ["declarations", "tex", many("\\bf ", 20_000)],
    ["a macro that calls itself", "tex", String.raw`\newcommand{\x}{\x\x} \x`],
    [
      "macros that double",
      "tex",
      `${Array.from({ length: 26 }, (_, index) => `\\newcommand{\\m${letter(index)}}{\\m${letter(index + 1)}\\m${letter(index + 1)}}`).join("")}\\ma`,
    ],
    [
      "a macro that grows its argument",
      "tex",
      `\\newcommand{\\x}[1]{#1#1#1#1}${many("\\x{", 30)}a${many("}", 30)}`,
    ],
    ["a formula bomb", "tex", String.raw`$\def\a{\a\a}\a$ $\newcommand{\b}{\b x}\b$`],
    ["a deep formula", "tex", `$${many("{", 4000)}x${many("}", 4000)}$`],
    ["a deep fraction", "tex", `$${many("\\frac{1}{", 500)}x${many("}", 500)}$`],
    ["a long formula", "tex", `$${many("x", 100_000)}$`],
    ["a formula that never ends", "tex", `$${many("x^", 2000)}`],
    ["a large document in TeX", "tex", many("word ", 300_000)],
  ])("%s", async (_, format, source) => {
    const html = await renderer.render(statementOf(format, source));
    expect(html.length).toBeLessThan(16 * 1024 * 1024);
    expect(html).toMatch(/<\/html>\n$/u);
  });

  test("and the next statement is rendered as ever", async () => {
    expect(await renderer.render(statementOf("md", "Let *x* be $x$."))).toContain("<em>x</em> be <math>");
  });

  test("a text that takes too long is shown as it is written", async () => {
    await using hasty = new StatementRenderer({ timeoutMs: 0 });
    expect(await hasty.render(statementOf("md", "*<b>*"))).toContain("<pre>*&#60;b&#62;*</pre>");
  });
});

const many = (piece: string, count: number): string => piece.repeat(count);
const letter = (index: number): string => String.fromCharCode(97 + index);

describe("samples", () => {
  const samples = [
    { kind: "files", input: "1\n", answer: "2\n" },
    { kind: "files", input: "3\n", answer: "4\n" },
  ] as const;
  test("stand after the text, in order", () => {
    const html = body("md", "Text.", { samples });
    expect(html.indexOf("Sample Input 1")).toBeGreaterThan(html.indexOf("Text."));
    expect(html.indexOf("Sample Input 2")).toBeGreaterThan(html.indexOf("Sample Input 1"));
    expect(html).toContain("<td><pre>3\n</pre></td><td><pre>4\n</pre></td>");
  });
  test.each([
    ["md", "{{nextsample}}\n\nBetween.\n\n{{remainingsamples}}\n\nAfter."],
    ["tex", String.raw`\nextsample Between. \remainingsamples After.`],
  ] as const)("stand where %s puts them", (format, source) => {
    const html = body(format, source, { samples });
    const places = ["Sample Input 1", "Between.", "Sample Input 2", "After."].map((part) =>
      html.indexOf(part),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(html.match(/Sample Input/gu)).toHaveLength(2);
  });
  test("of conversations tell who speaks, and where a pass ends", () => {
    const html = body("md", "x", { samples: [{ kind: "interaction", text: "<1\n<2\n>3\n---\n<4\n" }] });
    expect(html).toContain(
      "<tr><td><pre>1\n2</pre></td><td></td></tr><tr><td></td><td><pre>3</pre></td></tr>",
    );
    expect(html).toContain('<tr class="pass"><td colspan="2">next pass</td></tr>');
  });
  test("are cut when they are long", () => {
    expect(body("md", "x", { samples: [{ kind: "files", input: "9".repeat(100_000), answer: "" }] })).toMatch(
      /9\n… \(cut here/u,
    );
  });
});
