import { createHash } from "node:crypto";

/** All that a statement looks like; its digest is in the Content-Security-Policy. */
export const styleSheet = `
:root { color-scheme: light dark; --line: light-dark(#d4d4d4, #444); --soft: light-dark(#f5f5f4, #262626); --dim: light-dark(#555, #aaa); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 48rem; font: 1.05rem/1.6 Georgia, "DejaVu Serif", "Noto Serif", serif; overflow-wrap: break-word; }
h1, h2, h3, h4 { font-family: system-ui, "Noto Sans", "DejaVu Sans", sans-serif; line-height: 1.25; margin: 1.6em 0 .5em; }
h1 { font-size: 1.7rem; margin-top: 0; }
h2 { font-size: 1.2rem; }
h3, h4 { font-size: 1.05rem; }
p { margin: 0 0 .9em; }
a { color: light-dark(#0b5cad, #7ab8f5); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono", monospace; font-size: .88em; }
code { background: var(--soft); border-radius: 3px; padding: .1em .3em; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; }
.statement > pre, li > pre, blockquote > pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: .7em .9em; margin: 0 0 1em; overflow-x: auto; white-space: pre; }
pre > code { background: none; padding: 0; font-size: inherit; }
img { max-width: 100%; height: auto; }
figure { margin: 1em 0; text-align: center; }
figure.illustration, figure.float { float: right; margin: .2em 0 1em 1.5em; max-width: 50%; }
figure.illustration { width: min-content; min-width: 35%; }
figure.illustration img { width: 100%; }
figcaption { color: var(--dim); font-size: .85em; margin-top: .4em; }
blockquote { border-left: 3px solid var(--line); margin: 1em 0; padding-left: 1em; color: var(--dim); }
table { border-collapse: collapse; margin: 1em 0; }
.center > table { margin-inline: auto; }
.center { text-align: center; }
th, td { border: 1px solid var(--line); padding: .3em .7em; vertical-align: top; }
th { background: var(--soft); text-align: left; }
td[align="right"], th[align="right"] { text-align: right; }
td[align="center"], th[align="center"] { text-align: center; }
table.sample { width: 100%; table-layout: fixed; clear: both; }
table.sample th { font: 600 .85rem/1.4 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
table.sample tr.pass td { text-align: center; color: var(--dim); background: var(--soft); }
.unknown { color: light-dark(#a33, #f99); font-family: ui-monospace, monospace; font-size: .88em; }
.small-caps { font-variant: small-caps; }
.footnote { color: var(--dim); font-size: .85em; }
.footnote::before { content: " ("; } .footnote::after { content: ")"; }
dl.description dt { font-weight: 600; } dl.description dd { margin: 0 0 .5em 1.5em; }
footer { clear: both; border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: .8rem; color: var(--dim); font: .85rem/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; } footer dd { margin: 0; }
math { font-family: "STIX Two Math", "STIXTwoMath-Regular", "Latin Modern Math", "Cambria Math", "Noto Sans Math", "DejaVu Math TeX Gyre", math, serif; font-size: 1.05em; line-height: normal; }
math.tml-display { display: block; width: 100%; margin: .8em 0; overflow-x: auto; }
mtd.tml-right { text-align: right; } mtd.tml-left { text-align: left; }
mtable.tml-jot mtd { padding-top: .7ex; padding-bottom: .7ex; } mtable.tml-small mtd { padding-top: .35ex; padding-bottom: .35ex; }
.tml-cancel { background: linear-gradient(to top left, transparent 49%, currentColor 49%, currentColor 51%, transparent 51%); }
@media print { body { max-width: none; padding: 0; } }
`;

/**
 * What a page with a statement may do: show itself and the images within it. `style-src-attr` is for
 * the widths that the formula renderer writes; everything of an author's is without styles.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src-elem 'sha256-${createHash("sha256").update(styleSheet).digest("base64")}'`,
  "style-src-attr 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");
