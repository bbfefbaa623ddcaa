type Expecting = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

const blank = /[ \t\n\r]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** Index after the string that opens at `from`, or `{ fault }` where it breaks off. */
function endOfString(text: string, from: number): number | { readonly fault: number } {
  for (let at = from + 1; at < text.length;) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at + 1;
    if (unit < 0x20) return { fault: at };
    if (unit !== 0x5c) at += 1;
    else {
      const end = endOf(escape, text, at);
      if (end === at) return { fault: at };
      at = end;
    }
  }
  return { fault: text.length };
}

/**
 * Where malformed JSON goes wrong: the index of the first character that can't continue it.
 *
 * V8's own messages leave the position out for most faults. Iterative, so that depth can't exhaust
 * the stack.
 */
export function jsonFaultPosition(text: string): number {
  const open: ("{" | "[")[] = [];
  let expecting: Expecting = "value";
  const afterValue = (): Expecting => (open.length === 0 ? "nothing" : "commaOrEnd");

  for (let at = endOf(blank, text, 0); at < text.length; at = endOf(blank, text, at)) {
    const character: string = text.charAt(at);
    const wantsValue: boolean = expecting === "value" || expecting === "valueOrEnd";
    const wantsKey: boolean = expecting === "key" || expecting === "keyOrEnd";
    const mayEnd: boolean =
      expecting === "valueOrEnd" || expecting === "keyOrEnd" || expecting === "commaOrEnd";

    if (character === '"' && (wantsValue || wantsKey)) {
      const end = endOfString(text, at);
      if (typeof end !== "number") return end.fault;
      at = end;
      expecting = wantsKey ? "colon" : afterValue();
    } else if ((character === "{" || character === "[") && wantsValue) {
      open.push(character);
      expecting = character === "{" ? "keyOrEnd" : "valueOrEnd";
      at += 1;
    } else if (mayEnd && character === (open.at(-1) === "{" ? "}" : "]")) {
      open.pop();
      expecting = afterValue();
      at += 1;
    } else if (character === "," && expecting === "commaOrEnd") {
      expecting = open.at(-1) === "{" ? "key" : "value";
      at += 1;
    } else if (character === ":" && expecting === "colon") {
      expecting = "value";
      at += 1;
    } else {
      const end = wantsValue ? endOf(scalar, text, at) : at;
      if (end === at) return at;
      at = end;
      expecting = afterValue();
    }
  }
  return text.length;
}
