import { readFile } from "node:fs/promises";
import type { DraftFile } from "./draft.ts";

const adapter = async (name: string, defines: readonly string[] = []): Promise<DraftFile> => {
  const text = await readFile(new URL(`./adapters/${name}`, import.meta.url), "utf8");
  return { content: `${defines.map((word) => `#define ${word} 1\n`).join("")}${text}` };
};

/** Sources that stand beside a program: testlib.h and what else it includes, by name. */
type Beside = ReadonlyMap<string, DraftFile>;

/** A testlib checker, interactor or both as one output validator: its files by name. */
export const testlibValidator = async (
  programs: { readonly checker: DraftFile | null; readonly interactor: DraftFile | null },
  beside: Beside,
  scoring: boolean,
): Promise<ReadonlyMap<string, DraftFile>> => {
  const { checker, interactor } = programs;
  const defines = [
    ...(checker === null ? [] : ["WITH_CHECKER"]),
    ...(interactor === null ? [] : ["WITH_INTERACTOR"]),
    ...(scoring ? ["SCORING"] : []),
  ];
  return new Map([
    ...beside,
    ["main.cpp", await adapter("testlib.cpp", defines)],
    ...(checker === null ? [] : ([["checker.inc", checker]] as const)),
    ...(interactor === null ? [] : ([["interactor.inc", interactor]] as const)),
  ]);
};

export const testlibInputValidator = async (
  validator: DraftFile,
  beside: Beside,
): Promise<ReadonlyMap<string, DraftFile>> =>
  new Map([...beside, ["main.cpp", await adapter("testlib_validator.cpp")], ["validator.inc", validator]]);

export const cmsValidator = async (
  checker: DraftFile,
  beside: Beside,
  scoring: boolean,
): Promise<ReadonlyMap<string, DraftFile>> =>
  new Map([
    ...beside,
    ["main.cpp", await adapter("cms.cpp", scoring ? ["SCORING"] : [])],
    ["checker.inc", checker],
  ]);

/** Compares lines in one of three ways; the way is the validator's argument. */
export const lineValidator = async (): Promise<ReadonlyMap<string, DraftFile>> =>
  new Map([["validate.py", await adapter("lines.py")]]);
