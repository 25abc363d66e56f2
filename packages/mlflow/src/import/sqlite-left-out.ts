import { optionalIn, type Row } from "./sqlite-rows.ts";

/** Tables of what an import does not take, with what a row is. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  evaluation_datasets: "evaluation dataset",
  scorers: "scorer",
  webhooks: "webhook",
  label_schemas: "label schema",
  review_queues: "review queue",
  issues: "issue",
  endpoints: "endpoint of the gateway",
  secrets: "secret",
  guardrails: "guardrail",
  budget_policies: "budget policy",
  mcp_servers: "MCP server",
};

/** How a row of one of them is called. */
const NAMES = ["name", "scorer_name", "secret_name", "issue_id", "id"];

/** What there is in a database besides what is imported. */
export function* leftOutOf(
  path: string,
  listed: (table: string) => readonly Row[],
): Iterable<{ readonly path: string; readonly why: string }> {
  for (const [table, what] of Object.entries(LEFT_OUT)) {
    for (const row of listed(table)) {
      const [name] = NAMES.flatMap((column) => optionalIn(row, column) ?? []);
      yield { path: `${path}: ${what} ${name ?? ""}`.trim(), why: "is not imported yet" };
    }
  }
}
