import { basename, join } from "node:path";
import type { Verdict } from "@assay/contracts";
import { checkout } from "../stack/paths.ts";

/** A program of the demo and the verdict that it must get. */
export interface DemoSubmission {
  readonly what: string;
  readonly path: string;
  readonly name: string;
  readonly language: string;
  readonly expected: Verdict;
}

export const problemDirectory = join(checkout, "content/problems/sum-of-pairs");

const demo = (what: string, path: string, language: string, expected: Verdict): DemoSubmission => ({
  what,
  path,
  name: basename(path),
  language,
  expected,
});

const own = (path: string): string => join(problemDirectory, "submissions", path);
const hostile = (name: string): string => join(import.meta.dirname, "submissions", name);

/** Good programs, each way to fail, and attempts to break out: what a judge meets on its first day. */
export const demoSubmissions: readonly DemoSubmission[] = [
  demo("accepted in C", own("accepted/table.c"), "c", "AC"),
  demo("accepted in C++", own("accepted/sorted.cpp"), "cpp", "AC"),
  demo("accepted in Python", own("accepted/count.py"), "python", "AC"),
  demo("odd white space", own("accepted/odd_spaces.py"), "python", "AC"),
  demo("wrong answer", own("wrong_answer/overflow.cpp"), "cpp", "WA"),
  demo("too slow", own("time_limit_exceeded/all_pairs.py"), "python", "TLE"),
  demo("sleeps", own("time_limit_exceeded/sleep.py"), "python", "TLE"),
  demo("hoards memory", own("memory_limit_exceeded/hoard.cpp"), "cpp", "MLE"),
  demo("chatters without end", own("output_limit_exceeded/chatter.c"), "c", "OLE"),
  demo("follows a null pointer", own("run_time_error/null.c"), "c", "RTE"),
  demo("exits with a code", own("run_time_error/gives_up.py"), "python", "RTE"),
  demo("does not compile", own("compile_error/typo.cpp"), "cpp", "CE"),
  demo("fork bomb", hostile("fork_bomb.c"), "c", "TLE"),
  demo("opens a socket", hostile("call_home.py"), "python", "RTE"),
  demo("looks for the answers", hostile("read_answers.py"), "python", "WA"),
];
