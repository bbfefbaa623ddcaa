import type { ImageStatus } from "@assay/images";
import { printJson } from "../../command.ts";
import { left, right, table } from "../../output/table.ts";
import { bytes, printable } from "../../output/text.ts";

export function showStatuses(statuses: readonly ImageStatus[], json: boolean): void {
  if (json) return printJson({ items: statuses });
  const columns = [left("image"), left("state"), right("size"), right("packages"), left("digest")];
  const rows = statuses.map((status) => [
    status.name,
    status.state,
    status.sizeBytes === null ? "" : bytes(status.sizeBytes),
    String(status.packages.length),
    status.digest?.slice(0, 16) ?? "",
  ]);
  // Of the missing ones the reason is the state.
  const reasons = statuses.flatMap(({ state, reason }) =>
    state === "missing" || reason === null ? [] : [`\n${printable(reason)}`],
  );
  process.stdout.write(`${table(columns, rows)}\n${reasons.map((reason) => `${reason}\n`).join("")}`);
}
