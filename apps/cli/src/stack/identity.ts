import { readFile } from "node:fs/promises";
import { platformError } from "../exit.ts";

/** An operating system user that a part of the stack runs as. */
export interface Identity {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Identities {
  readonly database: Identity;
  readonly server: Identity;
  readonly runner: Identity;
  /** Unpacks images that were fetched. */
  readonly unpacker: Identity;
}

/** The users that the launcher adds; each part of the stack holds the rights of one of them only. */
export async function stackIdentities(): Promise<Identities> {
  const accounts = new Map<string, Identity>();
  for (const line of (await readFile("/etc/passwd", "utf8")).split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name && uid && gid) accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  const named = (name: string): Identity => {
    const identity = accounts.get(name);
    if (!identity)
      throw platformError(`the system user ${name} is missing; start through ./assay, which adds it`);
    return identity;
  };
  return {
    database: named("assay-database"),
    server: named("assay-server"),
    runner: named("assay-runner"),
    unpacker: named("assay-images"),
  };
}
