import { type FilterClause, RivuletError } from "@rivulet/domain";
import type { Statement } from "../database.ts";
import { toInteger } from "../values.ts";

/** `prompt = 'name/version'`, or `'name'` for any version. */
export function compilePrompt({ operator, value = [] }: FilterClause): Statement {
  const isNegated = operator === "!=" || operator === "NOT IN";
  if (!(isNegated || operator === "=" || operator === "IN")) {
    throw new RivuletError(
      "invalid_argument",
      `"prompt" is compared with =, !=, IN or NOT IN only.`,
    );
  }
  const wanted = [value].flat().map((ref) => isPrompt(String(ref)));
  const isWanted = wanted.map(({ sql }) => `(${sql})`).join(" OR ");
  return {
    sql: `${isNegated ? "NOT " : ""}EXISTS (SELECT 1 FROM trace_prompts p WHERE p.trace_id = t.id AND (${isWanted}))`,
    values: wanted.flatMap(({ values }) => values),
  };
}

/** A SELECT of the `id`s of the traces that used a prompt. */
export function tracesWithPrompt(ref: string): Statement {
  const { sql, values } = isPrompt(ref);
  return { sql: `SELECT p.trace_id AS id FROM trace_prompts p WHERE ${sql}`, values };
}

function isPrompt(ref: string): Statement {
  const [, name = ref, version] = /^(.*)\/(\d+)$/s.exec(ref) ?? [];
  return version === undefined
    ? { sql: "p.name = ?", values: [name] }
    : { sql: "p.name = ? AND p.version = ?", values: [name, toInteger(Number(version))] };
}
