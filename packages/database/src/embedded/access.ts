import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Somebody who owns nothing: what is open to this one is open to every user. */
export const anybody: OsUser = { name: "other users", uid: -1, gid: -1 };

const readAndEnter = 0o5;

const allows = (path: string, user: OsUser, bits: number): boolean => {
  if (user.uid === 0) return true;
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
};

/** The directory above `path`, or `path` itself, that keeps `user` from entering; null when none does. */
export const firstBarrier = (path: string, user: OsUser): string | null => {
  const real = realpathSync(path);
  for (let current = dirname(real); ; current = dirname(current)) {
    if (!allows(current, user, 0o1)) return current;
    if (current === dirname(current)) break;
  }
  return allows(real, user, readAndEnter) ? null : real;
};
