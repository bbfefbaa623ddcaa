import type { InspectedPackage } from "../package/parse.ts";
import type { ProblemPackage } from "../package/types.ts";
import type { Report } from "./report.ts";

/** What can be told without running anything, beside what the parser says. */
export const checkStructure = ({ problem, errors, warnings }: InspectedPackage, report: Report): void => {
  report.addIssues("error", "structure", errors);
  report.addIssues("warning", "structure", warnings);
  if (problem === null) return;
  if (problem.inputValidators.length === 0) {
    report.warning("structure", "input_validators", "holds no input validator that can be run");
  }
  if (!problem.submissions.some(({ directory }) => directory === "accepted")) {
    const message = "holds no submission: nothing shows that the problem can be solved";
    if (problem.formatVersion === "2025-09") report.error("structure", "submissions/accepted", message);
    else report.warning("structure", "submissions/accepted", message);
  }
  if (problem.displays.length === 0) report.warning("structure", "data/sample", "there is no sample");
  if (problem.credits.license === "unknown") {
    report.warning("structure", "problem.yaml", "states no license: nobody knows who may use the problem");
  }
  checkNames(problem, report);
};

const checkNames = ({ names, statements }: ProblemPackage, report: Report): void => {
  if (Object.keys(names).length === 0) report.warning("structure", "problem.yaml", "states no name");
  const languages = new Set(statements.map(({ language }) => language));
  for (const language of Object.keys(names)) {
    if (statements.length > 0 && !languages.has(language)) {
      report.warning("structure", "problem.yaml", `has a name but no statement in language "${language}"`);
    }
  }
};
