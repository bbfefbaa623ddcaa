"""length.py language entry_point feedback/ PAR: the share of the points that the source's length leaves.

The submission's files are in the working directory, with what was compiled from them.
"""

import pathlib
import sys

language, _, feedback, par = sys.argv[1:5]
endings = {
    "c": {".c", ".h"},
    "cpp": {".cpp", ".cc", ".cxx", ".c++", ".C", ".h", ".hpp"},
    "python3": {".py"},
    "bash": {".sh", ".bash"},
}
# Some systems call a language by a name of their own.
known = endings.get(language, set().union(*endings.values()))
sources = [path for path in sorted(pathlib.Path().rglob("*")) if path.suffix in known and path.is_file()]
length = sum(len(line.strip()) for path in sources for line in path.read_bytes().splitlines())
feedback = pathlib.Path(feedback)
(feedback / "judgemessage.txt").write_text(f"{length} bytes in {len(sources)} files\n")
if length == 0:
    sys.exit(43)
(feedback / "teammessage.txt").write_text(f"Your program has {length} bytes.\n")
(feedback / "score_multiplier.txt").write_text(f"{min(1.0, int(par) / length):.6f}\n")
sys.exit(42)
