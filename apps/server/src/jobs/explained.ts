import type { CompileReport, Diagnostic, JobEvent, JobResult, TestResult } from "@assay/contracts";
import { explain, languageOfHeader } from "@assay/languages";
import type { MessageLanguage } from "@assay/languages";

/** In which language a client wants to have messages explained: what its `Accept-Language` says. */
export const messageLanguageOf = (request: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}): MessageLanguage => {
  const header = request.headers["accept-language"];
  return languageOfHeader(Array.isArray(header) ? header.join(",") : header);
};

type Explaining = <Value extends { readonly diagnostics: Diagnostic[] }>(value: Value) => Value;

const explaining =
  (language: MessageLanguage): Explaining =>
  (value) => ({
    ...value,
    // Stored results of older versions have none.
    diagnostics: ((value.diagnostics as Diagnostic[] | undefined) ?? []).map((diagnostic) =>
      explain(diagnostic, language),
    ),
  });

const explainedResult = (result: JobResult | null, language: MessageLanguage): JobResult | null => {
  if (result === null || result.kind === "verify") return result;
  const explained = explaining(language);
  const compile: CompileReport | null = result.compile === null ? null : explained(result.compile);
  if (result.kind === "run") return { ...explained(result), compile };
  const tests: TestResult[] = result.tests.map(explained);
  return { ...result, compile, tests };
};

/** What has a result, with its messages explained. */
export const explainedJob = <Job extends { readonly result: JobResult | null }>(
  job: Job,
  language: MessageLanguage,
): Job => ({ ...job, result: explainedResult(job.result, language) });

export const explainedEvent = (event: JobEvent, language: MessageLanguage): JobEvent => {
  const { body } = event;
  if (body.type === "compile")
    return { ...event, body: { ...body, report: explaining(language)(body.report) } };
  if (body.type === "test") return { ...event, body: { ...body, result: explaining(language)(body.result) } };
  return event;
};
