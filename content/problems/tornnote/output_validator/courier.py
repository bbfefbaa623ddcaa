"""courier.py input answer feedback/ < output

The answer file holds two numbers: which digit is lost in the second and in the third run, counted
from 0 and modulo the length of the note. What has passed so far is kept in the feedback directory:
from the second run on, the input file is what nextpass.in was, and the message is not in it.
"""

import pathlib
import re
import sys

input_path, answer_path, feedback = sys.argv[1:4]
feedback = pathlib.Path(feedback)
state = feedback / "message_note_runs.txt"


def end(code, message):
    # Messages of all passes stand below each other.
    with open(feedback / "judgemessage.txt", "a") as messages:
        print(message, file=messages)
    sys.exit(code)


losses = list(map(int, pathlib.Path(answer_path).read_text().split()))
said = sys.stdin.buffer.read(1 << 16).decode("ascii", "replace").split()
if len(said) != 1:
    end(43, f"{len(said)} words instead of one")
[word] = said

if not state.exists():
    message = pathlib.Path(input_path).read_text().split()[1]
    if not re.fullmatch(r"[0-9]+", word):
        end(43, "the note does not consist of digits")
    if len(word) > len(message) + {{spare}}:
        end(43, f"a note of {len(word)} digits for a message of {len(message)}")
    note, done = word, 0
else:
    message, note, passed = state.read_text().split()
    done = int(passed) + 1
    if word != message:
        end(43, f"run {done + 1} read {word[:40]} instead of {message[:40]}")

if done == len(losses):
    end(42, f"run {done + 1} read the message")
state.write_text(f"{message}\n{note}\n{done}\n")
lost = losses[done] % len(note)
(feedback / "nextpass.in").write_text(f"read\n{note[:lost]}?{note[lost + 1:]}\n")
end(42, f"run {done + 1}: a note of {len(note)} digits loses digit {lost}")
