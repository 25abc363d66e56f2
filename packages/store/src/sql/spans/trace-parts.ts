import { type PromptRef, promptRefSchema } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import type { Insert, Sql, SqlValue } from "../database.ts";
import { placeholders, toInteger } from "../values.ts";
import type { KnownSpan } from "./span-merge.ts";

/** Tables with properties of the spans, once per trace, by which traces are found. */
const TABLES = ["trace_prompts", "trace_span_types", "trace_errors", "usage_above"];

const KEEP_PROMPT: Insert = {
  table: "trace_prompts",
  columns: ["trace_id", "name", "version"],
  conflict: { key: [], update: [] },
};

const KEEP_TYPE: Insert = {
  table: "trace_span_types",
  columns: ["trace_id", "type"],
  conflict: { key: [], update: [] },
};

/** Records the prompts and types of spans, inside the transaction that writes them. */
export async function noteParts(
  sql: Sql,
  records: readonly SpanRecord[],
  spans: readonly KnownSpan[],
): Promise<void> {
  const prompts = records.flatMap(({ traceId, prompts: refs }) =>
    refsIn(refs).map(({ name, version }) => [traceId, name, toInteger(version)]),
  );
  const types = spans.map(({ fields }) => [fields.traceId, fields.type]);
  await sql.insert(KEEP_PROMPT, distinct(prompts));
  await sql.insert(KEEP_TYPE, distinct(types));
}

/** A span whose prompts have an unexpected shape is kept, but cannot be found by them. */
function refsIn(refs: unknown): readonly PromptRef[] {
  return Array.isArray(refs) ? refs.filter((ref) => promptRefSchema.safeParse(ref).success) : [];
}

/** Each row once. */
function distinct(rows: readonly (readonly SqlValue[])[]): readonly (readonly SqlValue[])[] {
  return [...new Map(rows.map((row) => [row.join(" "), row])).values()];
}

/** Removes what was recorded for traces. */
export async function deleteParts(sql: Sql, traceIds: readonly string[]): Promise<void> {
  for (const table of TABLES) {
    await sql.run(`DELETE FROM ${table} WHERE trace_id IN (${placeholders(traceIds)})`, traceIds);
  }
}

/** Records it for traces that were stored before these tables existed. */
export async function noteStoredParts(sql: Sql): Promise<void> {
  const refs = sql.dialect.json.items("t.prompts", "p");
  const [name, version] = [refs.property("name").text, refs.property("version").number];
  await sql.run(
    `INSERT INTO trace_prompts (trace_id, name, version)
     SELECT DISTINCT t.id, ${name}, CAST(${version} AS BIGINT) FROM traces t CROSS JOIN ${refs.from}
     WHERE ${name} IS NOT NULL AND ${version} IS NOT NULL`,
  );
  await sql.run(
    "INSERT INTO trace_span_types (trace_id, type) SELECT DISTINCT trace_id, type FROM spans",
  );
}
