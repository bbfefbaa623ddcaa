import { index, refusesEach } from "./refusals.fixture.ts";
import type { Row } from "./refusals.fixture.ts";
import { legacyWith, modernWith, yamlWith } from "./trees.fixture.ts";

const problemYaml: Row[] = [
  ["both types", modernWith(yamlWith("type: [pass-fail, scoring]\n")), /^problem.yaml:5: type can't be both/],
  [
    "submit-answer, interactive",
    modernWith(yamlWith("type: [submit-answer, interactive]\n")),
    /can't be both submit-answer and interactive/,
  ],
  [
    "submit-answer, multi-pass",
    modernWith(yamlWith("type: [multi-pass, submit-answer]\n")),
    /can't be both submit-answer and multi-pass/,
  ],
  ["a type twice", modernWith(yamlWith("type: [scoring, scoring]\n")), /type names a type twice/],
  ["no type", modernWith(yamlWith("type: []\n")), /type must name at least one/],
  ["types as words", modernWith(yamlWith("type: scoring interactive\n")), /"scoring interactive" is none of/],
  [
    "interactive without validator",
    modernWith(yamlWith("type: interactive\n")),
    /^problem.yaml:5: a problem of type interactive needs an output_validator/,
  ],
  [
    "multi-pass without validator",
    modernWith(yamlWith("type: multi-pass\n")),
    /of type multi-pass needs an output_validator/,
  ],
  [
    "custom without validator",
    legacyWith({ "problem.yaml": "validation: custom\n" }),
    /^problem.yaml:1: selects a custom output validator, but output_validators\/ holds none/,
  ],
  [
    "scores of a pass-fail problem",
    legacyWith({ "problem.yaml": "validation: custom score\n", "output_validators/v.py": "" }),
    /validation lets the validator give scores, but the type is not scoring/,
  ],
  [
    "an odd uuid",
    modernWith({ "problem.yaml": "uuid: x\nproblem_format_version: 2025-09\nname: a\n" }),
    /^problem.yaml:1: uuid must be a UUID/,
  ],
  [
    "a person without name",
    modernWith(yamlWith("credits: {authors: {email: x}}\n")),
    /a person without name/,
  ],
  ["an unknown role", modernWith(yamlWith("credits: {boss: me}\n")), /unknown key "credits.boss"/],
  ["no authors", modernWith(yamlWith("credits: {authors: []}\n")), /must name at least one person/],
  [
    "a source without name",
    modernWith(yamlWith("source: [{url: 'https://x.example'}]\n")),
    /source holds one without name/,
  ],
  [
    "a licence without owner",
    modernWith(yamlWith("license: cc by\n")),
    /problem.yaml:5: license "cc by" needs an owner/,
  ],
  [
    "an owner of the public domain",
    modernWith(yamlWith("license: public domain\nrights_owner: me\n")),
    /rights_owner can't be/,
  ],
  [
    "a date that is none",
    modernWith(yamlWith("embargo_until: 2027-02-30\n")),
    /embargo_until must be a date/,
  ],
  [
    "half a limit",
    modernWith({ "problem.yaml": yamlWith("")["problem.yaml"].replace("time_limit: 2", "memory: 0.5") }),
    /limits.memory must be a whole number/,
  ],
  [
    "a small multiplier",
    modernWith({
      "problem.yaml": yamlWith("")["problem.yaml"].replace(
        "time_limit: 2",
        "time_multipliers: {ac_to_time_limit: 0.9}",
      ),
    }),
    /at least 1/,
  ],
  [
    "passes of one pass",
    modernWith({
      "problem.yaml": yamlWith("")["problem.yaml"].replace("time_limit: 2", "validation_passes: 3"),
    }),
    /validation_passes is only for problems of type multi-pass/,
  ],
  [
    "languages with all",
    modernWith(yamlWith("languages: [all, cpp]\n")),
    /must be all, or a list without it/,
  ],
  ["keywords as words", modernWith(yamlWith("keywords: dp graphs\n")), /keywords must be a list/],
  [
    "a constant with a bad name",
    modernWith(yamlWith("constants: {2x: 1}\n")),
    /constants.2x is no valid name/,
  ],
  ["a list of constants", modernWith(yamlWith("constants: {x: [1]}\n")), /constants.x must be a string/],
  ["a constant true", modernWith(yamlWith("constants: {x: true}\n")), /must be a number or a string/],
  ["a reserved constant", modernWith(yamlWith("constants: {nextsample: 1}\n")), /a meaning of its own/],
];

const parts: Row[] = [
  [
    "two output validators",
    modernWith({ "output_validator/a/v.py": "", "output_validator/b/v.py": "" }),
    /^output_validator: holds 2 programs/,
  ],
  [
    "the directory of legacy",
    modernWith({ "output_validators/v.py": "" }),
    /^output_validators\/v.py: is in output_validators\/; 2025-09 has output_validator/,
  ],
  [
    "two languages",
    modernWith({ "output_validator/v/a.py": "", "output_validator/v/b.cpp": "" }),
    /holds sources in python and cpp/,
  ],
  [
    "a name with a blank",
    modernWith({ "output_validator/v/a b.py": "" }),
    /^output_validator\/v\/a b.py: has an invalid name/,
  ],
  ["two graders", legacyWith({ "graders/a/g.py": "", "graders/b/g.py": "" }), /^graders: holds 2 programs/],
  [
    "a static validator (legacy)",
    legacyWith({ "static_validator/v.py": "" }),
    /legacy has no static validators/,
  ],
  [
    "graders in legacy-icpc",
    legacyWith({ "problem.yaml": "problem_format_version: legacy-icpc\n", "graders/a.py": "" }),
    /legacy-icpc has no graders/,
  ],
  [
    "scoring in legacy-icpc",
    legacyWith({ "problem.yaml": "problem_format_version: legacy-icpc\ntype: scoring\n" }),
    /must be pass-fail in legacy-icpc/,
  ],
  [
    "grading in legacy-icpc",
    legacyWith({ "problem.yaml": "problem_format_version: legacy-icpc\ngrading: {}\n" }),
    /grading is not part of legacy-icpc/,
  ],
  [
    "grader flags in legacy-icpc",
    legacyWith({
      "problem.yaml": "problem_format_version: legacy-icpc\n",
      "data/testdata.yaml": "grader_flags: sum\n",
    }),
    /grader_flags is not part of legacy-icpc/,
  ],
  [
    "a statement without language",
    modernWith({ "statement/problem.md": "" }),
    /^statement\/problem.md: needs a language/,
  ],
  ["a pattern with **", index("'a**[': {}\nx/{: {}\n"), /is no valid pattern/],
  [
    "an unknown key of a submission",
    index("accepted/*: {colour: red}\n"),
    /submissions.yaml:1: accepted\/\*.colour is an unknown key/,
  ],
  ["what can't be met", index("accepted/*: {permitted: [AC], required: [TLE]}\n"), /required can't be met/],
  [
    "entries that contradict",
    index("accepted/*: {required: [WA]}\n"),
    /contradicts itself for submissions\/accepted\/main.py/,
  ],
  [
    "a score without scoring",
    index("accepted/*: {score: 3}\n"),
    /score is only for problems of type scoring/,
  ],
  [
    "a score upside down",
    modernWith({
      ...yamlWith("type: scoring\n"),
      "submissions/submissions.yaml": "accepted: {score: [5, 1]}\n",
    }),
    /from a smaller to a larger/,
  ],
  [
    "three scores",
    modernWith({
      ...yamlWith("type: scoring\n"),
      "submissions/submissions.yaml": "accepted: {score: [5, 6, 7]}\n",
    }),
    /a list of two numbers/,
  ],
  ["an odd use", index("accepted: {use_for_time_limit: sideways}\n"), /must be false, lower or upper/],
  [
    "lower, but too slow",
    index("accepted: {use_for_time_limit: lower, required: [TLE]}\n"),
    /is lower, but TLE is required/,
  ],
  [
    "a language that is none",
    index("accepted: {language: klingon}\n"),
    /"klingon" is no language of the format/,
  ],
  [
    "assay.yaml with a validator",
    modernWith({ "output_validator/v.py": "", "assay.yaml": "comparator: exact\n" }),
    /^assay.yaml:1: comparator can't be chosen/,
  ],
  [
    "an unknown comparator",
    modernWith({ "assay.yaml": "comparator: fuzzy\n" }),
    /must be one of default, exact/,
  ],
  [
    "an unknown key of assay.yaml",
    modernWith({ "assay.yaml": "speed: 9\n" }),
    /^assay.yaml:1: unknown key "speed"/,
  ],
  [
    "a tolerance that means nothing",
    modernWith({ "assay.yaml": "comparator: {kind: exact, absolute: 1}\n" }),
    /unknown key "comparator.absolute"/,
  ],
  [
    "a pattern that fits nothing",
    modernWith({ "assay.yaml": "tests: {secret/zz: {comparator: exact}}\n" }),
    /fits no test/,
  ],
  [
    "points without scoring",
    modernWith({ "assay.yaml": "tests: {secret/a: {points: 1}}\n" }),
    /points is only for problems of type scoring/,
  ],
];

refusesEach(problemYaml);
refusesEach(parts);
