import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".lua"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.lua"]);

const common = {
  image: "lua",
  extensions,
  defaultSource: "main.lua",
  highlighting: "lua",
  translation: "checked",
  entryPoint,
  compileMinimum: { memoryBytes: 16 * MiB, processes: 4, diskBytes: 64 * 1024 },
  timing: { factor: 1, offsetMs: 2 },
} as const;

const luaOf = (id: string, release: string): Language => ({
  ...common,
  id,
  family: "lua",
  release,
  name: "Lua",
  aliases: [],
  programs: "lua",
  without: { socket: "The standard library of Lua has no sockets." },
  compile: (files) => checkEach(`luac${release} -p`, sourcesOf(files, extensions)),
  run: (files, args = []) => ({
    argv: [`lua${release}`, asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  version: {
    // Lua 5.1 says it on standard error.
    argv: ["sh", "-c", `exec lua${release} -v 2>&1`],
    env: environment,
    parse: (stdout) => /^Lua (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
});

export const lua: Language = luaOf("lua", "5.4");
export const lua51: Language = luaOf("lua@5.1", "5.1");
export const lua52: Language = luaOf("lua@5.2", "5.2");
export const lua53: Language = luaOf("lua@5.3", "5.3");

export const luajit: Language = {
  ...common,
  id: "luajit",
  family: "luajit",
  release: "2.1",
  name: "LuaJIT",
  aliases: [],
  programs: "luajit",
  without: {},
  // Bytecode is written to where nobody keeps it.
  compile: (files) => checkEach('check() { luajit -b "$1" /dev/null; }; check', sourcesOf(files, extensions)),
  run: (files, args = []) => ({
    argv: ["luajit", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  version: {
    argv: ["luajit", "-v"],
    env: environment,
    parse: (stdout) => /^LuaJIT (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};
