import { refusesEach, scoring } from "./refusals.fixture.ts";
import type { Row } from "./refusals.fixture.ts";
import { legacyWith, modernWith, yamlWith } from "./trees.fixture.ts";

const groups: Row[] = [
  [
    "scores without scoring",
    modernWith({ "data/secret/test_group.yaml": "\nmax_score: 3\n" }),
    /^data\/secret\/test_group.yaml:2: max_score is only for problems of type scoring/,
  ],
  [
    "scores of samples",
    scoring({ "data/sample/test_group.yaml": "max_score: 3\n" }),
    /max_score can't be in data\/sample/,
  ],
  [
    "an unknown aggregation",
    scoring({ "data/secret/test_group.yaml": "score_aggregation: max\n" }),
    /must be pass-fail, sum or min/,
  ],
  [
    "a negative score",
    scoring({ "data/secret/1/test_group.yaml": "max_score: -1\n" }),
    /max_score must be at least 0/,
  ],
  [
    "half a point",
    scoring({ "data/secret/1/test_group.yaml": "max_score: 1.5\n" }),
    /max_score must be a whole number/,
  ],
  [
    "a score in words",
    scoring({ "data/secret/1/test_group.yaml": "max_score: many\n" }),
    /a whole number, or unbounded/,
  ],
  [
    "no max_score",
    scoring({ "data/secret/1/test_group.yaml": "score_aggregation: sum\n" }),
    /^data\/secret\/1\/test_group.yaml: max_score must be stated: that of data\/secret is bounded/,
  ],
  [
    "no max_score and no file",
    scoring({ "data/secret/1/test_group.yaml": null }),
    /^data\/secret\/1: max_score must be stated/,
  ],
  [
    "unbounded pass-fail",
    scoring({
      "data/secret/test_group.yaml": "max_score: unbounded\n",
      "data/secret/1/test_group.yaml": null,
    }),
    /max_score must be stated where score_aggregation is pass-fail/,
  ],
  [
    "required samples that are not there",
    scoring({
      "data/sample/1.in": null,
      "data/sample/1.ans": null,
      "data/secret/2/test_group.yaml": "max_score: 60\nrequire_pass: sample\n",
    }),
    /^data\/secret\/2\/test_group.yaml:2: require_pass names "sample", which is no group/,
  ],
  [
    "a sum in pass-fail",
    scoring({
      "data/secret/test_group.yaml": "score_aggregation: pass-fail\n",
      "data/secret/1/test_group.yaml": "score_aggregation: sum\nmax_score: 1\n",
    }),
    /score_aggregation must be pass-fail: that of data\/secret is/,
  ],
  [
    "a later group",
    scoring({ "data/secret/1/test_group.yaml": "max_score: 40\nrequire_pass: secret/2\n" }),
    /:2: require_pass names "secret\/2", which is not before/,
  ],
  [
    "no such group",
    scoring({ "data/secret/2/test_group.yaml": "max_score: 60\nrequire_pass: [secret/9]\n" }),
    /which is no group/,
  ],
  [
    "itself",
    scoring({ "data/secret/2/test_group.yaml": "max_score: 60\nrequire_pass: [secret/2]\n" }),
    /which is not before this group/,
  ],
  [
    "secret after a group",
    scoring({ "data/secret/test_group.yaml": "require_pass: [secret/1]\n" }),
    /can only require sample/,
  ],
  [
    "a group with points",
    scoring({
      "data/secret/1/test_group.yaml": "max_score: 40\nscore_aggregation: min\n",
      "data/secret/2/test_group.yaml": "max_score: 60\nrequire_pass: [secret/1]\n",
    }),
    /whose score_aggregation is not pass-fail/,
  ],
  [
    "a static score without validator",
    scoring({ "data/secret/1/test_group.yaml": "max_score: 40\nstatic_validation_score: pass-fail\n" }),
    /needs a static_validator/,
  ],
  [
    "a static score in pass-fail",
    scoring({
      "static_validator/v.py": "",
      "data/secret/1/test_group.yaml": "max_score: 40\nstatic_validation_score: 5\n",
    }),
    /must be pass-fail: so is/,
  ],
  [
    "a static score above all",
    scoring({
      "static_validator/v.py": "",
      "data/secret/1/test_group.yaml": "max_score: 4\nscore_aggregation: sum\nstatic_validation_score: 5\n",
    }),
    /is more than the group's max_score/,
  ],
  [
    "static arguments alone",
    modernWith({
      "static_validator/v.py": "",
      "data/secret/test_group.yaml": "static_validator_args: [x]\n",
    }),
    /needs a static_validation_score/,
  ],
  [
    "a static validator of answers",
    modernWith({ ...yamlWith("type: submit-answer\n"), "static_validator/v.py": "" }),
    /there is no source/,
  ],
  [
    "an empty group",
    scoring({ "data/secret/3/test_group.yaml": "max_score: 0\n" }),
    /^data\/secret\/3: this group holds no test case/,
  ],
  [
    "a test called test_group",
    modernWith({ "data/secret/test_group.in": "", "data/secret/test_group.ans": "" }),
    /no test can be named test_group/,
  ],
  [
    "a directory called like a test",
    scoring({ "data/secret/1/b/x.in": "", "data/secret/1/b/x.ans": "" }),
    /^data\/secret\/1\/b: has the name of a test case/,
  ],
  [
    "two outputs shown",
    modernWith({
      "data/sample/1.out": "",
      "data/sample/1.ans.statement": "",
      "data/sample/1.ans.download": "",
    }),
    /1.out: can't be beside .ans.statement/,
  ],
  [
    "an interaction beside an output",
    modernWith({
      ...yamlWith("type: interactive\n"),
      "output_validator/v.py": "",
      "data/sample/1.interaction": "",
      "data/sample/1.out": "",
    }),
    /1.out: can't be beside .interaction/,
  ],
  ["a download alone", modernWith({ "data/sample/1.in.download": "" }), /needs a 1.in.statement/],
  [
    "an output of no test",
    modernWith({ "data/sample/2.out": "" }),
    /^data\/sample\/2.in: is missing beside 2.out/,
  ],
  [
    "two illustrations",
    modernWith({ "data/sample/1.png": "", "data/sample/1.svg": "" }),
    /second illustration/,
  ],
  [
    "a valid output without output",
    modernWith({ "data/valid_output/1.in": "", "data/valid_output/1.ans": "" }),
    /valid_output\/1.out: is missing/,
  ],
  [
    "an invalid output of a dialogue",
    modernWith({
      ...yamlWith("type: interactive\n"),
      "output_validator/v.py": "",
      "data/invalid_output/1.in": "",
    }),
    /^data\/invalid_output: can't be in an interactive problem/,
  ],
  [
    "an odd range",
    legacyWith({ "problem.yaml": "type: scoring\n", "data/testdata.yaml": "range: 5 1\n" }),
    /data\/testdata.yaml:1: range must be two numbers/,
  ],
  [
    "a score in words (legacy)",
    legacyWith({ "problem.yaml": "type: scoring\n", "data/testdata.yaml": "accept_score: lots\n" }),
    /accept_score must be a number/,
  ],
  [
    "a grader flag",
    legacyWith({ "data/testdata.yaml": "grader_flags: sum wild\n" }),
    /"wild" is no flag of the default grader/,
  ],
  [
    "a custom grader that is not there",
    legacyWith({ "data/testdata.yaml": "grading: custom\n" }),
    /graders\/ holds no grader/,
  ],
  [
    "an unknown grading",
    legacyWith({ "data/testdata.yaml": "grading: magic\n" }),
    /grading must be default or custom/,
  ],
  [
    "flags for validators by name",
    legacyWith({ "data/testdata.yaml": "output_validator_flags: {v: x}\n" }),
    /names output validators, but the package has none/,
  ],
];

refusesEach(groups);
