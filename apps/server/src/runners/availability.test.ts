import type { LanguageOffer, RunnerStatus } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { availabilityOf } from "./availability.ts";

const digest = "ab".repeat(32);
const offer = (available: boolean, reason: string | null = null): LanguageOffer => ({
  id: "python",
  available,
  version: available ? "3.11.2" : null,
  image: "python",
  reason,
  levels: ["namespaces+cgroup+seccomp"],
  test: null,
});
const runner = (alive: boolean, languages: LanguageOffer[]): RunnerStatus => ({
  id: "018f0000-0000-7000-8000-000000000000",
  name: "r",
  version: "1",
  alive,
  slots: 2,
  speedFactor: null,
  isolation: [],
  images: [{ name: "python", digest, state: "ready", reason: null }],
  languages,
  activeJobs: 0,
  lastSeenAt: "2026-01-01T00:00:00.000Z",
  registeredAt: "2026-01-01T00:00:00.000Z",
});

describe("availabilityOf", () => {
  it("waits for a runner while none is alive", () => {
    expect(availabilityOf("python", [runner(false, [offer(true)])])).toMatchObject({
      available: false,
      refused: false,
      reason: "No runner is connected.",
    });
  });

  it("takes any runner that can", () => {
    const runners = [runner(true, [offer(false, "damaged image")]), runner(true, [offer(true)])];
    expect(availabilityOf("python", runners)).toMatchObject({
      available: true,
      refused: false,
      reason: null,
      imageDigest: digest,
    });
  });

  it("refuses with the reason of a runner that can't", () => {
    expect(availabilityOf("python", [runner(true, [offer(false, "damaged image")])])).toMatchObject({
      refused: true,
      reason: "damaged image",
    });
  });

  it("refuses isolation that no runner gives, and names what there is", () => {
    const runners = [runner(true, [offer(true)])];
    expect(availabilityOf("python", runners, "gvisor")).toMatchObject({
      available: false,
      refused: true,
      lacksIsolation: true,
      reason: "No connected runner gives the isolation gvisor; there is namespaces+cgroup+seccomp.",
    });
    expect(availabilityOf("python", runners, "namespaces+rlimits+seccomp").available).toBe(true);
    expect(availabilityOf("python", [runner(false, [offer(true)])], "gvisor")).toMatchObject({
      refused: false,
      lacksIsolation: false,
      reason: "No runner is connected.",
    });
  });

  it("refuses a language that no live runner names", () => {
    expect(availabilityOf("bash", [runner(true, [offer(true)])])).toMatchObject({
      refused: true,
      reason: "No connected runner offers bash.",
    });
  });
});
