import { resolve } from "node:path";
import { IsolationLevel } from "@assay/contracts";
import { InvalidArgumentError, Option } from "commander";

/** An option's value as an absolute path: the parts of a stack work in other directories than we do. */
export const directory = (value: string): string => {
  if (value === "") throw new InvalidArgumentError("expected a directory");
  return resolve(value);
};

/** An option's value as a finite number. */
export function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() === "" || !Number.isFinite(parsed)) throw new InvalidArgumentError("expected a number");
  return parsed;
}

/** An option's value as a TCP port, 0 for any free one. */
export function port(value: string): number {
  const parsed = number(value);
  if (!Number.isInteger(parsed) || parsed < 0 || parsed > 65_535)
    throw new InvalidArgumentError("expected a port from 0 to 65535");
  return parsed;
}

/** An option's value as a whole number of at least 1. */
export function count(value: string): number {
  const parsed = number(value);
  if (!Number.isInteger(parsed) || parsed < 1)
    throw new InvalidArgumentError("expected a whole number from 1");
  return parsed;
}

/** An option's value as a time, in the one form that the API takes. */
export function instant(value: string): string {
  const time = new Date(value);
  if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("expected a time like 2026-11-28T10:00:00Z");
  return time.toISOString();
}

/** What a job demands of the machine that runs it; without the option, what every box has. */
export const requireIsolation = (): Option =>
  new Option("--require-isolation <level>", "refuse rather than run with less than this").choices(
    IsolationLevel.options,
  );

/** Which APIs of other systems the server speaks besides its own. */
export const compatibleApis = (): Option =>
  new Option("--compatible-apis <names>", "also speak judge0, piston, or both: judge0,piston")
    .env("ASSAY_COMPATIBLE_APIS")
    .default("")
    .argParser((value: string) => {
      const names = value.split(",").filter(Boolean);
      const unknown = names.find((name) => name !== "judge0" && name !== "piston");
      if (unknown !== undefined)
        throw new InvalidArgumentError(`there is no ${unknown}; expected judge0,piston`);
      return names.join(",");
    });
