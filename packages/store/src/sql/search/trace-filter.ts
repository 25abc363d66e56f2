import type { FilterClause } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { columnOf } from "../kit/declared-table.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";
import { compare } from "./compare.ts";

const SPANS = `FROM spans s WHERE ${spansOfTrace("s", "t")}`;

/** `span.name`, `span.type`, `span.status`, `span.content`, `span.attributes.<key>` of any span of the trace. */
export function compileSpanClause(clause: FilterClause, dialect: Dialect): Statement {
  const { key } = clause.field;
  if (key.startsWith("attributes.")) return compileAttribute(clause, dialect);
  if (key === "content") return compileContent(clause, dialect);
  const known: readonly string[] = ENTITIES.trace.lookups.span?.keys ?? [];
  if (!known.includes(key)) {
    throw new RivuletError(
      "invalid_argument",
      `Spans have no field "${key}". Fields: ${known.join(", ")}.`,
    );
  }
  const expression = `s.${columnOf(PARTS.span, key)}`;
  const condition = compare({ expression, type: "text", clause }, dialect);
  return { sql: `EXISTS (SELECT 1 ${SPANS} AND ${condition.sql})`, values: condition.values };
}

function compileAttribute(clause: FilterClause, dialect: Dialect): Statement {
  const name = clause.field.key.slice("attributes.".length);
  const attributes = dialect.json.members(dialect.json.field("s.body", "attributes"), "a");
  const condition = compare({ expression: attributes, type: "json", clause }, dialect);
  return {
    sql: `EXISTS (SELECT 1 FROM spans s, ${attributes.from} WHERE ${spansOfTrace("s", "t")} AND a.key = ? AND ${condition.sql})`,
    values: [name, ...condition.values],
  };
}

/** `text ILIKE '%…%'` over everything that the spans hold. */
export function compileContent(clause: FilterClause, dialect: Dialect): Statement {
  const body = compare({ expression: "s.body", type: "text", clause }, dialect);
  const blob = compare({ expression: "b.body", type: "text", clause }, dialect);
  return {
    sql: `EXISTS (SELECT 1 ${SPANS} AND ${body.sql}) OR EXISTS (SELECT 1 FROM blob_refs r JOIN blobs b ON b.hash = r.hash WHERE r.trace_id = t.id AND ${blob.sql})`,
    values: [...body.values, ...blob.values],
  };
}

/** `prompt = 'name/version'`, or `'name'` for any version. */
export function compilePrompt({ operator, value }: FilterClause, dialect: Dialect): Statement {
  if (operator !== "=" && operator !== "!=") {
    throw new RivuletError("invalid_argument", `"prompt" is compared with = or != only.`);
  }
  const [, name = String(value), version] = /^(.*)\/(\d+)$/.exec(String(value)) ?? [];
  const refs = dialect.json.items("t.prompts", "p");
  const isVersion = version === undefined ? "" : ` AND ${refs.property("version").text} = ?`;
  const uses = `EXISTS (SELECT 1 FROM ${refs.from} WHERE ${refs.property("name").text} = ?${isVersion})`;
  return {
    sql: operator === "=" ? uses : `NOT ${uses}`,
    values: version === undefined ? [name] : [name, String(Number(version))],
  };
}
