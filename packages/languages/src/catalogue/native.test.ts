import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { languages } from "./index.ts";
import { scriptedCompile } from "./native.ts";

const run = promisify(execFile);

const said = async (sources: readonly string[], options?: readonly string[]): Promise<string[]> => {
  const { argv, env } = scriptedCompile(
    `printf '%s\\0' "$program" "\${options[@]}" -- "$@"`,
    sources,
    options,
  );
  const [program = "", ...args] = argv;
  const { stdout } = await run(program, args, { env: { ...env, PATH: process.env["PATH"] } });
  return stdout.split("\0").slice(0, -1);
};

describe("a compile command by a script", () => {
  it("hands on names and options as they are", async () => {
    const sources = ["-o", "@file", "$(echo no) `echo no`", "two\nlines", "*", "a'b\"c\\d"];
    const options = ["-DX=a b", "--", "$HOME", ""];
    expect(await said(sources, options)).toEqual([
      "a.out",
      ...options,
      "--",
      ...sources.map((path) => `./${path}`),
    ]);
  });

  it("does without options", async () => {
    expect(await said(["main"])).toEqual(["a.out", "--", "./main"]);
  });

  it("fails with its script", async () => {
    const { argv, env } = scriptedCompile("false\ntrue", ["main"]);
    await expect(run(argv[0] ?? "", argv.slice(1), { env })).rejects.toMatchObject({ code: 1 });
  });
});

describe("Standard ML", () => {
  const sml = languages.get("sml");

  it("takes arguments as literals, whatever they hold", () => {
    const program = sml?.run(["main.sml"], ['"]; evil ()', "ü"]).argv.at(-1) ?? "";
    expect(program).not.toContain("evil");
    expect(program).toContain('["\\034\\093\\059\\032\\101\\118\\105\\108\\032\\040\\041", "\\195\\188"]');
  });

  it("loads signatures and functors first, and last what starts", () => {
    const files = ["main.sml", "b.sml", "a.fun", "z.sig"];
    expect(sml?.entryPoint(files)).toBe("main.sml");
    const program = sml?.run(files).argv.at(-1) ?? "";
    const places = ["z.sig", "a.fun", "b.sml", "main.sml"].map((path) =>
      program.indexOf(Array.from(Buffer.from(path), (byte) => `\\${String(byte).padStart(3, "0")}`).join("")),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

const compile = (files: readonly string[]) => languages.get("go")?.compile(files);

describe("Go", () => {
  it("builds a module where there is one, else the files, else the package with its directories", () => {
    expect(compile(["go.mod", "main.go", "shapes/shapes.go"])).toMatchObject({ env: { GO111MODULE: "on" } });
    expect(compile(["main.go", "answer.go"])?.argv.slice(-2)).toEqual(["./main.go", "./answer.go"]);
    expect(compile(["main.go", "shapes/shapes.go"])?.argv.at(-1)).toBe(".");
    expect(compile(["-Program"])?.argv.at(-1)).toBe("./-Program");
  });
});
