import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, lstat, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { temporaryDirectory, temporaryUser } from "../../testing/temporary.ts";
import { createDatabase } from "../pool.ts";
import { locatePackage, prepareBinaries } from "./binaries.ts";
import { startEmbeddedPostgres } from "./embedded.ts";
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from "./embedded.ts";
import { processesIn } from "./leftovers.ts";
import { follow, runToEnd, start } from "./process.ts";

const isRoot = process.getuid?.() === 0;
const user = temporaryUser();

const startIn = (
  dataDirectory: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    dataDirectory,
    user,
    clients: [],
    log: () => {},
    signal: new AbortController().signal,
    ...options,
  });

const ask = async (url: string, text: string): Promise<readonly Record<string, unknown>[]> => {
  await using database = createDatabase(url, { max: 1 });
  return (await database.query(text)).rows;
};

/** A socket's peer is whoever we are when it connects. */
const asUser = async <T>(uid: number, fn: () => Promise<T>): Promise<T> => {
  process.seteuid?.(uid);
  try {
    return await fn();
  } finally {
    process.seteuid?.(0);
  }
};

describe("a new data directory", () => {
  test("becomes a server of its own user, reachable only through its socket", async () => {
    const directory = await temporaryDirectory();
    await using server = await startIn(directory);
    const [row] = await ask(
      server.url,
      `select current_setting('listen_addresses') as tcp, current_setting('fsync') as fsync,
              current_setting('data_checksums') as checksums, current_user as role,
              (select rolsuper from pg_roles where rolname = current_user) as super`,
    );
    expect(row).toEqual({ tcp: "", fsync: "on", checksums: "on", role: "assay", super: false });
    const cluster = await stat(join(directory, "cluster"));
    expect(cluster.mode & 0o777).toBe(0o700);
    expect(cluster.uid).toBe(user?.uid ?? process.getuid?.());
    const status = await readFile(`/proc/${server.pid}/status`, "utf8");
    expect(status).toContain(`Uid:\t${cluster.uid}\t${cluster.uid}\t${cluster.uid}\t${cluster.uid}`);
    expect(status).toContain("CapEff:\t0000000000000000");
  });

  test("gives its role no way to the machine's files and programs", async () => {
    await using server = await startIn(await temporaryDirectory());
    for (const attack of [
      "copy (select 1) to program 'id'",
      "copy (select 1) to '/tmp/assay-should-not-exist'",
      "select pg_read_file('/etc/passwd')",
      "create role evil superuser",
      "alter system set listen_addresses = '*'",
      "create extension if not exists file_fdw",
    ])
      await expect(ask(server.url, attack)).rejects.toMatchObject({ code: "42501" });
  });

  test("keeps what was committed over a restart", async () => {
    const directory = await temporaryDirectory();
    {
      await using server = await startIn(directory);
      await ask(server.url, "create table t as select 42 as n");
    }
    expect(processesIn(join(directory, "cluster"))).toEqual([]);
    await using server = await startIn(directory);
    expect(await ask(server.url, "select n from t")).toEqual([{ n: 42 }]);
  });

  test("an aborted start leaves nothing that disturbs the next one", async () => {
    const directory = await temporaryDirectory();
    const abort = new AbortController();
    const aborted = startIn(directory, {
      signal: abort.signal,
      log: (line) => {
        if (line.includes("bootstrap")) abort.abort(new Error("no longer wanted"));
      },
    });
    await expect(aborted).rejects.toThrow("no longer wanted");
    await using server = await startIn(directory);
    expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
    expect((await readdir(directory)).filter((name) => name.startsWith("initdb"))).toEqual([]);
  });
});

describe("users of the operating system", () => {
  test.skipIf(!isRoot)("only the listed ones may log in (needs root to be other users)", async () => {
    const daemon = 1;
    const games = 5;
    await using server = await startIn(await temporaryDirectory(), { clients: ["daemon"] });
    const who = "select current_user as role";
    expect(await asUser(daemon, () => ask(server.url, who))).toEqual([{ role: "assay" }]);
    await expect(asUser(games, () => ask(server.url, who))).rejects.toMatchObject({ code: "28000" });
    await expect(
      asUser(daemon, () => ask(server.url.replace("assay@", "postgres@"), who)),
    ).rejects.toMatchObject({ code: "28000" });
  });

  test.each(['evil"\nassay "root', "/.*", "", "a b", "+staff"])("%j is no name of one", async (name) => {
    const directory = await temporaryDirectory();
    await expect(startIn(directory, { clients: [name] })).rejects.toThrow(/can't be a database client/);
  });

  test.skipIf(!isRoot)("root itself is refused (needs root)", async () => {
    const directory = await temporaryDirectory();
    await expect(startIn(directory, { user: null })).rejects.toThrow(/refuses to run as root/);
    const root = { name: "root", uid: 0, gid: 0 };
    await expect(startIn(directory, { user: root })).rejects.toThrow(/refuses to run as root/);
  });

  test.skipIf(!isRoot)("a directory that they can't enter is refused by name (needs root)", async () => {
    const directory = join(await temporaryDirectory(), "closed");
    await mkdir(directory, { mode: 0o700 });
    await expect(startIn(join(directory, "database"))).rejects.toThrow(`can't enter ${directory}`);
  });

  test.skipIf(isRoot)("nobody but root can choose another one (needs not to be root)", async () => {
    const other = { name: "nobody", uid: 65_534, gid: 65_534 };
    await expect(startIn(await temporaryDirectory(), { user: other })).rejects.toThrow(/Only root/);
  });
});

describe("dying", () => {
  test("SIGKILL in the middle of transactions loses nothing that was committed", async () => {
    const directory = await temporaryDirectory();
    const first = await startIn(directory);
    const database = createDatabase(first.url, { max: 4 });
    await database.query("create table t (n int primary key)");
    const committed: number[] = [];
    let next = 0;
    const write = async (): Promise<void> => {
      for (;;) {
        const n = next++;
        await database.transaction(async (tx) => {
          await tx.query("insert into t values ($1)", [n]);
        });
        if (committed.push(n) === 100) process.kill(first.pid, "SIGKILL");
      }
    };
    const results = await Promise.allSettled([write(), write(), write(), write()]);
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => "rejected"));
    for (const result of results) expect(result).toHaveProperty("reason.code", "database_unavailable");
    await database.end();
    expect(await first.stopped).toEqual({ code: null, signal: "SIGKILL" });

    await using second = await startIn(directory);
    const rows = (await ask(second.url, "select n from t")).map(({ n }) => n);
    expect(rows).toEqual(expect.arrayContaining(committed));
    // What is more was on its way to its acknowledgement when the server died.
    expect(rows.length).toBeLessThanOrEqual(committed.length + 4);
  });

  test("SIGKILL of the parent takes the server along, and the next start waits for that", async () => {
    const directory = await temporaryDirectory();
    const module = JSON.stringify(new URL("./embedded.ts", import.meta.url).href);
    const script = `
      import { startEmbeddedPostgres } from ${module};
      const server = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(directory)},
        user: ${JSON.stringify(user)}, clients: [], log() {}, signal: new AbortController().signal });
      process.stdout.write(server.pid + "\\n");`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(parent, "exit");
    const [line] = await once(createInterface({ input: parent.stdout }), "line");
    const pid = Number(line);
    expect(processesIn(join(directory, "cluster"))).toContain(pid);
    parent.kill("SIGKILL");
    await exited;
    await using server = await startIn(directory);
    expect(server.pid).not.toBe(pid);
    expect(processesIn(join(directory, "cluster"))).not.toContain(pid);
    expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  test("an abort stops the server in order", async () => {
    const abort = new AbortController();
    const server = await startIn(await temporaryDirectory(), { signal: abort.signal });
    abort.abort();
    expect(await server.stopped).toEqual({ code: 0, signal: null });
  });
});

describe("a data directory that can't be served", () => {
  test("of another major version: says which, and what to do", async () => {
    const directory = await temporaryDirectory();
    await (await startIn(directory))[Symbol.asyncDispose]();
    await writeFile(join(directory, "cluster", "PG_VERSION"), "15\n");
    await expect(startIn(directory)).rejects.toThrow(
      /made by PostgreSQL 15, and this Assay brings PostgreSQL 18: .*DATABASE_URL/,
    );
  });

  test("that is served already: says by whom", async () => {
    const directory = await temporaryDirectory();
    await using server = await startIn(directory);
    await expect(startIn(directory)).rejects.toThrow(/already served by process \d+/);
    expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  test("that is damaged: gives PostgreSQL's own words", async () => {
    const directory = await temporaryDirectory();
    await (await startIn(directory))[Symbol.asyncDispose]();
    await writeFile(join(directory, "cluster", "global", "pg_control"), "garbage");
    await expect(startIn(directory)).rejects.toThrow(/did not start:[\s\S]*pg_control/);
  });
});

describe("odd circumstances", () => {
  test("a process number that was used again does not keep the server from starting", async () => {
    const directory = await temporaryDirectory();
    await (await startIn(directory))[Symbol.asyncDispose]();
    const identity = user === null ? [] : ["--reuid", String(user.uid), "--clear-groups"];
    const innocent = spawn("setpriv", [...identity, "cat"], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
    try {
      // It is itself once it answers.
      innocent.stdin.write("here\n");
      await once(innocent.stdout, "data");
      const file = `${innocent.pid}\n${join(directory, "cluster")}\n1\n5432\n\n\n\nready   \n`;
      await writeFile(join(directory, "cluster", "postmaster.pid"), file);
      await writeFile(join(directory, "socket", ".s.PGSQL.5432.lock"), file);
      await using server = await startIn(directory);
      expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
      expect(innocent.exitCode).toBeNull();
    } finally {
      innocent.stdin.end();
    }
  });

  test("a path that is too long for a socket gets a short one elsewhere, removed at the end", async () => {
    const directory = join(await temporaryDirectory(), "long".repeat(20), "deep".repeat(20), "ünïcode");
    const server = await startIn(directory);
    expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
    const socket = new URL(server.url).searchParams.get("host") ?? "";
    expect(Buffer.byteLength(socket)).toBeLessThan(90);
    await server[Symbol.asyncDispose]();
    await expect(lstat(socket)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("remains of an initialisation that was killed are removed", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "initdb-999999999"));
    await using server = await startIn(directory);
    expect(server.pid).toBeGreaterThan(0);
    expect(await readdir(directory)).not.toContain("initdb-999999999");
  });

  test.skipIf(!isRoot)(
    "programs that the database's user can't reach are copied to where it can (needs root)",
    async () => {
      const directory = await temporaryDirectory();
      const closed = join(directory, "closed");
      await mkdir(closed, { mode: 0o700 });
      const { root, version } = locatePackage();
      await cp(join(root, "native"), join(closed, "native"), { recursive: true });
      const self = user ?? { name: "root", uid: 0, gid: 0 };
      for (let time = 0; time < 2; time++) {
        const binaries = await prepareBinaries(directory, self, { root: closed, version });
        expect(binaries.postgres).toBe(join(directory, `postgresql-${version}`, "native/bin/postgres"));
        const lines: string[] = [];
        const child = start(binaries, user, binaries.postgres, ["--version"]);
        follow(child, (line) => lines.push(line));
        await runToEnd(child, "postgres", "", () => {}, new AbortController().signal);
        expect(lines.join()).toContain("PostgreSQL) 18");
      }
    },
  );
});
