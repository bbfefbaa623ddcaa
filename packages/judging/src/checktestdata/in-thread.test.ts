import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkTestDataInThread } from "./in-thread.ts";

test("the answer is that of the check itself", async () => {
  const program = "INT(1,9) NEWLINE EOF";
  expect(await checkTestDataInThread(program, Buffer.from("5\n"))).toEqual({ ok: true });
  expect(await checkTestDataInThread(program, Buffer.from("55\n"))).toMatchObject({
    ok: false,
    where: "input",
    line: 1,
  });
  expect(await checkTestDataInThread("INT(", Buffer.from(""))).toMatchObject({ where: "program" });
});

test("the event loop has its turns while a long check runs", async () => {
  const story: string[] = [];
  const check = checkTestDataInThread("REP(30000000) ASSERT(1 < 2) END EOF", Buffer.from(""));
  const told = check.then(() => story.push("checked"));
  // On the same thread not a single one would come before the end.
  for (let turn = 0; turn < 100; turn++) await setImmediate();
  story.push("100 turns");
  await told;
  expect(story).toEqual(["100 turns", "checked"]);
  expect(await check).toMatchObject({ ok: true });
});
