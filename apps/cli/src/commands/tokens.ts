import { Option, type Command } from "commander";
import { routes, TokenRole } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { left, table } from "../output/table.ts";
import { printable } from "../output/text.ts";

interface JsonOption {
  readonly json: boolean;
}

export function registerTokens(program: Command): void {
  const tokens = program.command("tokens").description("tokens of your organization (owners only)");
  tokens
    .command("list", { isDefault: true })
    .description("all tokens, without their secrets")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const answer = await connection.client.call(routes.listTokens, { signal });
      if (json) return printJson(answer);
      const columns = [left("token"), left("name"), left("role"), left("created"), left("revoked")];
      const rows = answer.items.map((token) => [
        token.id,
        printable(token.name),
        token.role,
        token.createdAt,
        token.revokedAt ?? "",
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    });
  tokens
    .command("create")
    .description("make a token; its secret is printed once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what it may do").choices(TokenRole.options).makeOptionMandatory())
    .option("--json", "one JSON object", false)
    .action(async (name: string, { role, json }: JsonOption & { role: string }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const body = { name, role: TokenRole.parse(role) };
      const created = await connection.client.call(routes.createToken, { body, signal });
      if (json) printJson(created);
      else process.stdout.write(`${created.secret}\n`);
    });
  tokens
    .command("revoke")
    .description("revoke a token at once")
    .argument("<token>", "its id")
    .action(async (id: string) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      await connection.client.call(routes.revokeToken, { params: { id }, signal });
    });
}
