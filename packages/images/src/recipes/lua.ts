import { upon } from "../recipe.ts";
import { base } from "./base.ts";

const releases = ["5.1", "5.2", "5.3", "5.4"] as const;

/** Every Lua from 5.1 to 5.4, and LuaJIT: they are small. The languages `lua` and `luajit`. */
export const lua = upon(base, {
  name: "lua",
  description: "Lua 5.1 to 5.4, and LuaJIT",
  packages: [...releases.map((release) => `lua${release}`), "luajit"],
  buildBytes: 50e6,
  finish: [
    ["ln", "-sf", "lua5.4", "/usr/bin/lua"],
    ["ln", "-sf", "luac5.4", "/usr/bin/luac"],
  ],
  probes: [
    ...releases.map((release) => ({
      argv: [`lua${release}`, "-e", "print(_VERSION)"],
      stdout: `Lua ${release}\n`,
    })),
    ...releases.map((release) => ({
      argv: ["sh", "-c", `echo 'print(1)' | luac${release} -p -`],
      stdout: "",
    })),
    { argv: ["luajit", "-e", "require('jit.bcsave'); require('ffi'); print(_VERSION)"], stdout: "Lua 5.1\n" },
  ],
});
