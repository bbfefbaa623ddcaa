import { classify } from "./parser.ts";
import type { Finding, Sources } from "./parser.ts";
import { javaRunRules } from "./rules/java.ts";

const startPattern = /^Exception in thread "[^"]{0,200}" ([\w.$]{1,300})(?:: ?(.*))?$/;
// Frames of the class library name their module before a slash: at java.base/java.util.Scanner.next(…)
const framePattern = /^\tat ([\w.$<>]{1,300})\(([\w$.-]{1,200}\.\w{1,10}):(\d{1,7})\)/;
const launcherPattern = /^(?:Error: |error: |Exception in thread "main" java\.lang\.NoSuchMethodError)/;

/** Of `game.Board.move(Board.java:3)`: game/Board.java, or the only file of that name. */
const fileOf = (method: string, name: string, sources: Sources): string | null => {
  const parts = method.split(".").slice(0, -2);
  return sources.own([...parts, name].join("/")) ?? sources.own(name);
};

/** What a Java virtual machine says when a program ends with an exception. */
export const readStackTraces = (lines: readonly string[], sources: Sources): readonly Finding[] => {
  const found: Finding[] = [];
  for (const [at, text] of lines.entries()) {
    const start = startPattern.exec(text);
    if (start === null) {
      if (!launcherPattern.test(text)) continue;
      const { code, args } = classify(javaRunRules, text);
      if (code !== null)
        found.push({ file: null, line: null, column: null, kind: "error", message: text, code, args });
      continue;
    }
    const message = start[2] === undefined ? (start[1] ?? "") : `${start[1]}: ${start[2]}`;
    const place = ownFrame(lines, at + 1, sources);
    found.push({
      file: place?.file ?? null,
      line: place?.line ?? null,
      column: null,
      kind: "error",
      message,
      ...classify(javaRunRules, message),
    });
  }
  return found;
};

const ownFrame = (lines: readonly string[], from: number, sources: Sources) => {
  for (let at = from; at < lines.length; at += 1) {
    const text = lines[at] ?? "";
    if (startPattern.test(text)) return null;
    const frame = framePattern.exec(text);
    const file = frame === null ? null : fileOf(frame[1] ?? "", frame[2] ?? "", sources);
    if (file !== null) return { file, line: Number(frame?.[3]) };
  }
  return null;
};
