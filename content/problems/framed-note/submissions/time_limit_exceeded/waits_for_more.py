# Does not know where the note ends, and keeps looking.
import sys

text = []
while "the end" not in text:
    text = [sys.stdin.readline()]
