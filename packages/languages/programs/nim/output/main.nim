import std/strutils

let line = repeat("0123456789", 10)
for _ in 1 .. 1_000_000:
  echo line
