import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OsUser } from "./access.ts";

/** sockaddr_un holds 108 bytes with the closing NUL. */
const longestSocketPath = 107;
export const socketName = ".s.PGSQL.5432";

const fits = (directory: string): boolean =>
  Buffer.byteLength(join(directory, socketName)) <= longestSocketPath;

/** Always the same for the same data directory, so that nothing piles up after a kill. */
const shortDirectory = (dataDirectory: string): string => {
  const id = createHash("sha256").update(dataDirectory).digest("hex").slice(0, 16);
  const uid = process.getuid?.() ?? 0;
  // /run belongs to root; in /tmp anybody could have taken the name, which the check below finds out.
  return uid === 0 ? `/run/assay-${id}` : join(tmpdir(), `assay-${uid}-${id}`);
};

/**
 * The directory of the server's socket: the server may write there, everybody may pass through.
 * Who may log in is for the server to decide.
 */
export const prepareSocketDirectory = async (
  dataDirectory: string,
  user: OsUser | null,
): Promise<{ readonly path: string; readonly outside: boolean }> => {
  const inside = join(dataDirectory, "socket");
  const outside = !fits(inside);
  const path = outside ? shortDirectory(dataDirectory) : inside;
  if (!fits(path))
    throw new Error(`The path of the socket, ${path}, is too long: set TMPDIR to a shorter one.`);
  await mkdir(path, { recursive: true, mode: 0o755 });
  const owner = user?.uid ?? process.getuid?.() ?? 0;
  const found = await lstat(path);
  if (!found.isDirectory() || (found.uid !== owner && found.uid !== process.getuid?.()))
    throw new Error(`${path} belongs to somebody else: remove it, the database's socket goes there.`);
  if (user !== null) await chown(path, user.uid, user.gid);
  // The umask may have taken bits away.
  else await chmod(path, 0o755);
  return { path, outside };
};
