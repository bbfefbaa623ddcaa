import type { ProblemRow } from "../../problems/problems.ts";

export const statementPath = (problem: ProblemRow, language: string): string =>
  `/api/v1/problems/${problem.id}/statements/${language}`;
export const filePath = (problem: ProblemRow, path: string): string =>
  `/api/v1/problems/${problem.id}/files/${encodeURIComponent(path)}`;
