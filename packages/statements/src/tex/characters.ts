/** Commands that stand for characters. */
export const symbols: Readonly<Record<string, string>> = {
  "%": "%",
  $: "$",
  "&": "&",
  "#": "#",
  _: "_",
  "{": "{",
  "}": "}",
  " ": " ",
  "\n": " ",
  ",": "\u2009",
  ";": "\u2005",
  ":": "\u2005",
  ">": "\u2005",
  "!": "",
  "/": "",
  "-": "\u00ad",
  "@": "",
  quad: "\u2003",
  qquad: "\u2003\u2003",
  enspace: "\u2002",
  thinspace: "\u2009",
  nobreakspace: "\u00a0",
  space: " ",
  ldots: "…",
  dots: "…",
  textellipsis: "…",
  textbackslash: "\\",
  textasciitilde: "~",
  textasciicircum: "^",
  textasciigrave: "`",
  textquotesingle: "'",
  textquotedbl: '"',
  textunderscore: "_",
  textless: "<",
  textgreater: ">",
  textbar: "|",
  textbraceleft: "{",
  textbraceright: "}",
  textdollar: "$",
  textendash: "–",
  textemdash: "—",
  textquoteleft: "‘",
  textquoteright: "’",
  textquotedblleft: "“",
  textquotedblright: "”",
  lq: "‘",
  rq: "’",
  textbullet: "•",
  textdegree: "°",
  degree: "°",
  texteuro: "€",
  euro: "€",
  pounds: "£",
  textmu: "µ",
  texttimes: "×",
  copyright: "©",
  textregistered: "®",
  texttrademark: "™",
  S: "§",
  P: "¶",
  dag: "†",
  LaTeX: "LaTeX",
  TeX: "TeX",
  ss: "ß",
  o: "ø",
  O: "Ø",
  ae: "æ",
  AE: "Æ",
  oe: "œ",
  OE: "Œ",
  aa: "å",
  AA: "Å",
  l: "ł",
  L: "Ł",
  i: "ı",
  j: "ȷ",
  dh: "ð",
  DH: "Ð",
  th: "þ",
  TH: "Þ",
  dj: "đ",
  DJ: "Đ",
  guillemotleft: "«",
  guillemotright: "»",
  glqq: "„",
  grqq: "“",
  flqq: "«",
  frqq: "»",
};

/** Commands that put an accent on the letter after them, as combining characters. */
export const accents: Readonly<Record<string, string>> = {
  "`": "\u0300",
  "'": "\u0301",
  "^": "\u0302",
  "~": "\u0303",
  "=": "\u0304",
  u: "\u0306",
  ".": "\u0307",
  '"': "\u0308",
  r: "\u030a",
  H: "\u030b",
  v: "\u030c",
  c: "\u0327",
  k: "\u0328",
  d: "\u0323",
  b: "\u0331",
  t: "\u0361",
};

/** The letter with its accent, as one character where there is one. */
export const accented = (letter: string, accent: string): string => {
  const [first = " ", ...rest] = letter;
  const base = first === "ı" ? "i" : first === "ȷ" ? "j" : first;
  return `${`${base}${accent}`.normalize("NFC")}${rest.join("")}`;
};

/** Quotes and dashes as TeX writes them. */
export const typographic = (text: string): string =>
  text
    .replaceAll("---", "—")
    .replaceAll("--", "–")
    .replaceAll("``", "“")
    .replaceAll("''", "”")
    .replaceAll(",,", "„")
    .replaceAll("`", "‘")
    .replaceAll("'", "’")
    .replaceAll("<<", "«")
    .replaceAll(">>", "»");
