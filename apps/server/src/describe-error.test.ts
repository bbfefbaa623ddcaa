import { describe, expect, it } from "vitest";
import { describeError } from "./describe-error.ts";

describe("an error in the log", () => {
  it("keeps its type, message, code, stack and causes, and nothing else that hangs on it", () => {
    const cause = Object.assign(new Error("duplicate key"), {
      code: "23505",
      constraint: "tokens_secret_sha256_key",
      detail: "Key (secret_sha256)=(\\x0102) already exists.",
      client: { password: "hunter2" },
    });
    const described = describeError(new TypeError("no", { cause }));
    expect(described).toEqual({
      type: "TypeError",
      message: "no",
      stack: expect.stringContaining("describe-error.test"),
      cause: {
        type: "Error",
        message: "duplicate key",
        code: "23505",
        constraint: "tokens_secret_sha256_key",
        stack: cause.stack,
      },
    });
  });

  it("ends with causes that go round in circles, and with hordes of errors", () => {
    const error = new AggregateError(
      Array.from({ length: 1000 }, () => new Error("one of many")),
      "all",
    );
    error.cause = error;
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(100_000);
  });

  it("takes what is no error", () => {
    expect(describeError("odd")).toEqual({ message: "odd" });
    expect(describeError(null)).toEqual({ message: "null" });
  });
});
