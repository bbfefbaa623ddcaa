import sys

print("out of order", file=sys.stderr)
sys.exit(7)
