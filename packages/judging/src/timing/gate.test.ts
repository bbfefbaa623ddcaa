import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Runs through a gate that end when the test says so. */
const steered = () => {
  const gate = new Gate();
  const inside = new Set<string>();
  const most: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (how: "together" | "alone", name: string): Promise<string> =>
    gate[how](async () => {
      inside.add(name);
      most.push([...inside].join(""));
      await new Promise<void>((resolve) => ends.set(name, resolve));
      inside.delete(name);
      return name;
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settled();
  };
  return { inside, most, enter, end };
};

test("one that wants to be alone waits for those inside, and holds back those that come", async () => {
  const { inside, most, enter, end } = steered();
  const all = [enter("together", "a"), enter("together", "b"), enter("alone", "C"), enter("together", "d")];
  all.push(enter("alone", "E"), enter("together", "f"));
  await settled();
  expect([...inside]).toEqual(["a", "b"]);
  await end("b");
  expect([...inside]).toEqual(["a"]);
  await end("a");
  expect([...inside]).toEqual(["C"]);
  await end("C");
  expect([...inside]).toEqual(["E"]);
  await end("E");
  expect([...inside]).toEqual(["d", "f"]);
  await end("d");
  await end("f");
  expect(await Promise.all(all)).toEqual(["a", "b", "C", "d", "E", "f"]);
  expect(most).toEqual(["a", "ab", "C", "E", "d", "df"]);
});

const failing = (): Promise<never> => Promise.reject(new Error("gone"));

test("one that fails lets the next one in", async () => {
  const gate = new Gate();
  await expect(gate.alone(failing)).rejects.toThrow("gone");
  await expect(gate.together(failing)).rejects.toThrow("gone");
  expect(await gate.alone(() => Promise.resolve(1))).toBe(1);
  expect(await gate.together(() => Promise.resolve(2))).toBe(2);
});
