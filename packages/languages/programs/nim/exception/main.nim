import std/strutils

echo parseInt("three")
