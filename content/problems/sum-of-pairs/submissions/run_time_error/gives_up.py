import sys

print("I can't do this", file=sys.stderr)
sys.exit(3)
