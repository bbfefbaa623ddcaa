import type { Verdict } from "@assay/contracts";
import { expect, test } from "vitest";
import { legacyRule, modernRule, simulate } from "./simulation.fixture.ts";
import type { Branch } from "./simulation.fixture.ts";

/** Made-up packages, the same in every run: a failure must come again. */
class Maker {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<Item>(...items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  many<Item>(most: number, make: (index: number) => Item): Item[] {
    return Array.from({ length: 1 + this.below(most) }, (_, index) => make(index));
  }

  tests(most: number, scoring: boolean): string[] {
    const words = ["AC", "AC", "AC", "WA", "TLE", "JE", "RTE"];
    return this.many(most, () => this.pick("AC", ...words, ...(scoring ? ["AC:3", "AC*0.5"] : [])));
  }

  modern(scoring: boolean): Branch {
    const requires = (...names: string[]): string[] => (scoring && this.below(4) === 0 ? names : []);
    const aggregation = scoring ? this.pick("pass-fail", "sum", "min") : "pass-fail";
    const rule = modernRule({ aggregation, maxScore: 40, requirePass: requires("sample") });
    const groups = (): Branch[] =>
      this.many(3, (index) => ({
        name: `secret/${index + 1}`,
        rule: modernRule({
          aggregation: aggregation === "pass-fail" ? aggregation : this.pick("pass-fail", "sum", "min"),
          maxScore: 10,
          requirePass: requires(index === 0 ? "sample" : this.pick("sample", "secret/1")),
        }),
        members: this.tests(3, scoring),
      }));
    return {
      name: "",
      rule: modernRule(),
      members: [
        { name: "sample", rule: modernRule(), members: this.tests(2, false) },
        { name: "secret", rule, members: this.below(2) === 0 ? groups() : this.tests(4, scoring) },
      ],
    };
  }

  legacy(scoring: boolean): Branch {
    const rule = () => {
      const verdict = this.pick("worst_error", "worst_error", "first_error", "always_accept");
      const more = this.pick("", "", "", "accept_if_any_accepted", "ignore_sample");
      return legacyRule({
        onReject: this.pick("break", "continue"),
        flags: `${verdict} ${this.pick("sum", "min", "max", "avg")} ${more}`,
        rejectScore: this.pick(0, 0, 1, -2),
        acceptScore: this.pick(1, 5),
      });
    };
    const group = (name: string, depth: number): Branch => ({
      name,
      rule: rule(),
      members:
        depth > 0 && this.below(2) === 0
          ? this.many(3, (index) => group(`${name}/${index}`, depth - 1))
          : this.tests(3, scoring),
    });
    return { name: "", rule: rule(), members: [group("sample", 0), group("secret", 2)] };
  }
}

test.each([
  ["legacy", true],
  ["legacy", false],
  ["modern", true],
  ["modern", false],
] as const)("both modes give the same verdict and score: %s, with points: %j", async (kind, scoring) => {
  const maker = new Maker(1);
  for (let round = 0; round < 400; round++) {
    const root = maker[kind](scoring);
    const priority = maker.pick<Verdict[] | null>(null, null, ["JE", "RTE", "TLE", "WA"], ["WA", "TLE"]);
    const [first, all] = await Promise.all(
      (["first_failure", "all"] as const).map((mode) =>
        simulate(root, { scoring, policy: { priority }, mode }),
      ),
    );
    const gradeOf = (one: typeof first) => ({ verdict: one?.grade.verdict, score: one?.grade.score });
    expect({ root, priority, ...gradeOf(first) }).toEqual({ root, priority, ...gradeOf(all) });
  }
});
