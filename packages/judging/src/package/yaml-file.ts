import { LineCounter, isMap, isScalar, parseDocument, visit } from "yaml";
import type { Alias, Document, Node } from "yaml";
import { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";

const maxConfigBytes = 1024 * 1024;

/** Each one is looked up on its own, and no honest file of a package has that many. */
const maxAliases = 100;

/** The text of a UTF-8 file, or null after reporting why it is none. */
export const readText = async (
  files: PackageFiles,
  path: string,
  findings: Findings,
): Promise<string | null> => {
  const bytes = await files.read(path);
  if (bytes.length > maxConfigBytes) {
    findings.invalid(path, null, `is larger than ${maxConfigBytes} bytes`);
    return null;
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    findings.invalid(path, 1, "starts with a byte order mark; save it as UTF-8 without one");
    return null;
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    findings.invalid(path, 1, "is UTF-16; save it as UTF-8 without a byte order mark");
    return null;
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    findings.invalid(path, lineAt(bytes, nul), "holds a NUL byte, so it is no text; save it as UTF-8");
    return null;
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    findings.invalid(path, null, "is not UTF-8");
    return null;
  }
  const crlf = text.indexOf("\r\n");
  if (crlf !== -1) {
    findings.warn(
      path,
      text.slice(0, crlf).split("\n").length,
      "has Windows line ends (CR LF); the format asks for LF alone",
    );
  }
  return text;
};

const lineAt = (bytes: Uint8Array, offset: number): number => {
  let line = 1;
  for (let at = 0; at < offset; at++) if (bytes[at] === 0x0a) line++;
  return line;
};

/** Reads a YAML file whose root is a map; problems become findings and an empty map. */
export const readConfig = async (
  files: PackageFiles,
  path: string,
  findings: Findings,
): Promise<ConfigMap> => {
  const lines = new LineCounter();
  const source = { file: path, findings, lines, resolve: (node: unknown) => node };
  const empty = new ConfigMap(source, [], null);
  const text = await readText(files, path, findings);
  if (text === null) return empty;
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    for (const error of document.errors) {
      findings.invalid(path, lines.linePos(error.pos[0]).line, firstLine(error.message));
    }
    if (document.errors.length > 0 || document.contents === null) return empty;
    if (!isMap(document.contents)) {
      if (isScalar(document.contents) && document.contents.value === null) return empty;
      findings.invalid(path, 1, "must be a map of keys to values");
      return empty;
    }
    const aliases = anchored(document);
    if (aliases === null) {
      findings.invalid(path, null, `holds more than ${maxAliases} aliases; write the values out`);
      return empty;
    }
    const resolve = (node: unknown): unknown => aliases.get(node as Alias) ?? node;
    return new ConfigMap({ ...source, resolve }, document.contents.items, null);
  } catch (error) {
    // The parser recurses: nesting deep enough overflows the stack.
    findings.invalid(
      path,
      null,
      error instanceof RangeError ? "is nested too deeply" : firstLine(String(error)),
    );
    return empty;
  }
};

/**
 * What each alias stands for; null when there are too many. Nothing is expanded: whoever reads a
 * value follows aliases one by one and only as deep as the format goes, so that no bomb goes off.
 */
const anchored = (document: Document): ReadonlyMap<Alias, unknown> | null => {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, unknown>();
  visit(document, {
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias: (_, alias) => {
      aliases.set(alias, anchors.get(alias.source));
      return aliases.size > maxAliases ? visit.BREAK : undefined;
    },
  });
  return aliases.size > maxAliases ? null : aliases;
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;
