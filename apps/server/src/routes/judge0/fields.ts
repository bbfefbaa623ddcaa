/** Every attribute of a submission that can be asked for, in Judge0's order. */
const allFields = [
  "source_code",
  "language_id",
  "stdin",
  "expected_output",
  "stdout",
  "status_id",
  "created_at",
  "finished_at",
  "time",
  "memory",
  "stderr",
  "token",
  "number_of_runs",
  "cpu_time_limit",
  "cpu_extra_time",
  "wall_time_limit",
  "memory_limit",
  "stack_limit",
  "max_processes_and_or_threads",
  "enable_per_process_and_thread_time_limit",
  "enable_per_process_and_thread_memory_limit",
  "max_file_size",
  "compile_output",
  "exit_code",
  "exit_signal",
  "message",
  "wall_time",
  "compiler_options",
  "command_line_arguments",
  "redirect_stderr_to_stdout",
  "callback_url",
  "additional_files",
  "enable_network",
  "started_at",
  "queued_at",
  "updated_at",
  "queue_host",
  "execution_host",
  "status",
  "language",
] as const;

export type Field = (typeof allFields)[number];

export const defaultFields = [
  "stdout",
  "time",
  "memory",
  "stderr",
  "token",
  "compile_output",
  "message",
  "status",
] as const satisfies readonly Field[];

const isField = (name: string): name is Field => (allFields as readonly string[]).includes(name);

/** The fields that a client names, or those among them that do not exist. */
export function fieldsOf(
  text: string | undefined,
): { readonly fields: readonly Field[] } | { readonly invalid: readonly string[] } {
  const names = (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.includes("*")) return { fields: allFields };
  if (names.length === 0) return { fields: defaultFields };
  const invalid = names.filter((name) => !isField(name));
  return invalid.length > 0 ? { invalid } : { fields: [...new Set(names.filter(isField))] };
}
