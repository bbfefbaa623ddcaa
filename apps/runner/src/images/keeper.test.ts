import { once } from "node:events";
import { duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { KeeperConnection, KeeperFailed } from "./keeper.ts";
import type { KeeperProgress } from "./keeper.ts";

const digest = "d".repeat(64);
const wish = { type: "fetch", name: "python", digest } as const;
const never = new AbortController().signal;

/** Two ends of a connection; the test is the keeper's. */
const connected = () => {
  const [ours, theirs] = duplexPair();
  const keeper = new KeeperConnection(ours);
  const next = async (): Promise<unknown> => JSON.parse(String((await once(theirs, "data"))[0]));
  const say = (...answers: unknown[]): void =>
    void theirs.write(answers.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return { keeper, theirs, next, say };
};

test("asks by name and digest, hears how far it is, and resolves when it is there", async () => {
  const { keeper, next, say } = connected();
  const told: KeeperProgress[] = [];
  const got = keeper.get(wish, (progress) => told.push(progress), never);
  expect(await next()).toEqual({ ...wish, id: 1 });
  const progress = { state: "fetching", done: 1, total: 2, message: "" };
  say({ type: "progress", id: 1, ...progress }, { type: "done", id: 1, digest });
  expect(await got).toBe(digest);
  expect(told).toEqual([progress]);
});

test("answers find their questions in any order", async () => {
  const { keeper, say } = connected();
  const [first, second] = [keeper.get(wish, () => {}, never), keeper.get(wish, () => {}, never)];
  say({ type: "failed", id: 2, reason: "no" }, { type: "done", id: 1, digest });
  await expect(second).rejects.toThrow("no");
  expect(await first).toBe(digest);
});

test("says when nobody waits any more", async () => {
  const { keeper, next } = connected();
  const stop = new AbortController();
  const got = keeper.get(wish, () => {}, stop.signal);
  await next();
  const cancel = next();
  stop.abort(new Error("withdrawn"));
  await expect(got).rejects.toThrow("withdrawn");
  expect(await cancel).toEqual({ type: "cancel", id: 1 });
});

test("a keeper that is gone fails what was asked and what is asked later", async () => {
  const { keeper, theirs } = connected();
  const got = keeper.get(wish, () => {}, never);
  theirs.end();
  await expect(got).rejects.toThrow(KeeperFailed);
  await expect(keeper.get(wish, () => {}, never)).rejects.toThrow("is gone");
});

test("garbage is no answer", async () => {
  const { keeper, theirs, say } = connected();
  const got = keeper.get(wish, () => {}, never);
  theirs.write('not json\n{"type":"done","id":1}\n');
  say({ type: "done", id: 99, digest }, { type: "done", id: 1, digest });
  expect(await got).toBe(digest);
});
