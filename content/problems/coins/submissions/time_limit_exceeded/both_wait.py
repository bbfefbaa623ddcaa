# Keeps its question to itself, and so both wait for the other: hardly any CPU time, no end.
import sys

n, k = map(int, input().split())
if n == 2:
    print("weigh 1 1 2", flush=True)
    print("found", {"left": 1, "right": 2}[input()])
else:
    sys.stdout.write(f"weigh 1 1 {n}\n")
    answer = sys.stdin.readline()
    print("found", 1 if answer == "left" else n)
