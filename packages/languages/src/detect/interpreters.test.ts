import { describe, expect, it } from "vitest";
import { interpreterNames } from "./interpreters.ts";

describe("interpreterNames", () => {
  it.each<[string, readonly string[]]>([
    ["#!/usr/bin/python3\nprint(1)", ["python3", "python"]],
    ["#!/usr/bin/env python3.11", ["python3.11", "python"]],
    ["#!/usr/bin/env -S deno run --allow-all\n", ["deno"]],
    ["#!/usr/bin/env -i A=b ruby\r\n", ["ruby"]],
    ["#! /bin/sh -e\n", ["bash"]],
    ["#!\t/bin/bash", ["bash"]],
    ["#!/usr/bin/node\n", ["javascript"]],
    ["#!/usr/bin/lua5.4\n", ["lua5.4", "lua"]],
    ["#!/usr/bin/guile-3.0\n", ["guile-3.0", "scheme"]],
    ["#!/usr/bin/Rscript\n", ["r"]],
    ["\ufeff#!/usr/bin/perl\n", ["perl"]],
    ["#!/usr/bin/swipl\n", ["prolog"]],
    ["#![allow(dead_code)]\nfn main() {}", []],
    ["#!env python", []],
    ["#!/usr/bin/env\n", []],
    ["#!/usr/bin/env -S\n", []],
    ["\n#!/bin/sh", []],
    ["#!", []],
    ["#!/", []],
    ["", []],
    ["#!/usr/bin/env constructor", ["constructor"]],
  ])("of %j", (content, names) => {
    expect(interpreterNames(content)).toEqual(names);
  });

  it("looks at no more of a line than a kernel would", () => {
    expect(interpreterNames(`#!/${"a/".repeat(100_000)}sh`).join().length).toBeLessThan(300);
  });
});
