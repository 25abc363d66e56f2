import { fieldsIn } from "./meta-fields.ts";
import { optionalIn, type Row, textIn } from "./sqlite-rows.ts";

/** Tables of what an import does not take, with what a row is. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  webhooks: "webhook",
  label_schemas: "label schema",
  review_queues: "review queue",
  issues: "issue",
  endpoints: "endpoint of the gateway",
  secrets: "secret",
  guardrails: "guardrail",
  budget_policies: "budget policy",
  mcp_servers: "MCP server",
  skills: "skill",
};

/** How a row of one of them is called. */
const NAMES = ["name", "secret_name", "issue_id", "id"];

/** Something that is left out. */
interface LeftOut {
  readonly path: string;
  readonly why: string;
}

/** What there is in a database besides what is imported. */
export function* leftOutOf(
  path: string,
  listed: (table: string) => readonly Row[],
): Iterable<LeftOut> {
  yield* scorersIn(path, listed);
  for (const [table, what] of Object.entries(LEFT_OUT)) {
    for (const row of listed(table)) {
      const [name] = NAMES.flatMap((column) => optionalIn(row, column) ?? []);
      yield { path: `${path}: ${what} ${name ?? ""}`.trim(), why: "is not imported yet" };
    }
  }
}

/** Scorers are Python, or instructions for a judge, which are told so that one can be made of them. */
function* scorersIn(path: string, listed: (table: string) => readonly Row[]): Iterable<LeftOut> {
  const versions = Map.groupBy(listed("scorer_versions"), (row) => textIn(row, "scorer_id"));
  for (const row of listed("scorers")) {
    const of = versions.get(textIn(row, "scorer_id")) ?? [];
    const count = of.length > 1 ? ` (${of.length} versions)` : "";
    yield {
      path: `${path}: scorer ${textIn(row, "scorer_name")}${count}`,
      why: whyLeftOut(of.at(-1)),
    };
  }
}

function whyLeftOut(version: Row | undefined): string {
  const scorer = fieldsIn(
    jsonOr(version === undefined ? "" : textIn(version, "serialized_scorer")),
  );
  const judge = fieldsIn(scorer["instructions_judge_pydantic_data"]);
  const builtIn = scorer["builtin_scorer_class"];
  if (typeof judge["instructions"] === "string") {
    return `is a judge of MLflow: make one with makeJudge() of its instructions, ${JSON.stringify(judge["instructions"])}`;
  }
  if (typeof builtIn === "string") return `is MLflow's own ${builtIn}, which is Python`;
  return "is Python, and cannot be imported";
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
