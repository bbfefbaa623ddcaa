import re
import sys

time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
assert re.fullmatch(f"{time} {time}\n", sys.stdin.read())
sys.exit(42)
