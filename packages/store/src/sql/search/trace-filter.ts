import type { FilterClause } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";
import { type Compared, compare } from "./compare.ts";
import { likePattern, withPattern } from "./like-pattern.ts";
import type { SearchScope } from "./search-scope.ts";
import { termsOf } from "./words.ts";
import { writtenInJson } from "./written-in-json.ts";

const SPANS = `FROM spans s WHERE ${spansOfTrace("s", "t")}`;

/** What stands before a field of a span that failed: `span.failed.tool`. */
const FAILED = "failed.";

/** `span.name`, `span.type`, `span.status`, `span.content`, `span.attributes.<key>` of any span of the trace. */
export function compileSpanClause(clause: FilterClause, scope: SearchScope): Statement {
  const { key } = clause.field;
  if (key === "content") return compileContent(clause, scope);
  const { from, value, values } = spanValue(key, scope);
  const isMissing = clause.operator === "IS NULL";
  const asked: FilterClause = isMissing ? { ...clause, operator: "IS NOT NULL" } : clause;
  const condition = compare({ ...value, clause: asked }, scope);
  return {
    sql: `${isMissing ? "NOT " : ""}EXISTS (SELECT 1 ${from} AND ${condition.sql})`,
    values: [...values, ...condition.values],
  };
}

/** What a filter tests in the spans of a trace. */
export interface SpanValue {
  /** Ends with a WHERE. */
  readonly from: string;
  readonly value: Compared;
  /** Values for `from`. */
  readonly values: readonly string[];
}

/** @throws RivuletError `invalid_argument` for a field that spans do not have */
export function spanValue(key: string, scope: SearchScope): SpanValue {
  const { dialect } = scope;
  if (key.startsWith("attributes.")) {
    const attributes = dialect.json.members(dialect.json.field("s.body", "attributes"), "a");
    return {
      from: `FROM spans s, ${attributes.from} WHERE ${spansOfTrace("s", "t")} AND a.key = ?`,
      value: { type: "any", expression: attributes },
      values: [key.slice("attributes.".length)],
    };
  }
  const known: readonly string[] = ENTITIES.trace.lookups.span?.keys ?? [];
  if (!known.includes(key)) {
    throw new RivuletError(
      "invalid_argument",
      `Spans have no field "${key}". Fields: ${known.join(", ")}.`,
    );
  }
  if (key.startsWith(FAILED)) {
    const { from, ...rest } = spanValue(key.slice(FAILED.length), scope);
    return { ...rest, from: `${from} AND s.status = 'error'` };
  }
  if (key === "prompt") {
    const prompts = dialect.json.items("s.prompts", "p");
    const [name, version] = [prompts.property("name").text, prompts.property("version").text];
    const from = `FROM spans s, ${prompts.from} WHERE ${spansOfTrace("s", "t")}`;
    return {
      from,
      value: { type: "text", expression: `(${name} || '/' || ${version})` },
      values: [],
    };
  }
  if (key === "tool") {
    const from = `${SPANS} AND s.type = 'tool'`;
    return { from, value: { type: "text", expression: "s.name" }, values: [] };
  }
  return { from: SPANS, value: columnValue(key), values: [] };
}

function columnValue(key: string): Compared {
  if (key === "durationMs") {
    return { type: "number", expression: "((s.end_us - s.start_us) / 1000.0)" };
  }
  const type = ENTITIES.trace.lookups.span?.numbers?.includes(key) === true ? "number" : "text";
  return { type, expression: `s.${columnOf(PARTS.span, key)}` };
}

/** Everything that the spans of a trace contain, as rows with a column `x`. */
export const contentValues: {
  readonly expression: string;
  readonly from: string;
  readonly values: readonly string[];
} = {
  expression: "c.x",
  // Each span is read once, for everything in it.
  from: `FROM (SELECT CASE k.column1 WHEN 1 THEN s.body WHEN 2 THEN s.name ELSE s.status_message END AS x
    FROM spans s CROSS JOIN (VALUES (1), (2), (3)) k WHERE ${spansOfTrace("s", "t")}
    UNION ALL SELECT b.body AS x FROM blob_refs r JOIN blobs b ON b.hash = r.hash WHERE r.trace_id = t.id) c`,
  values: [],
};

/** Conditions that hold for every trace with all these words, and for some others. */
export function mayHaveWords(query: string, { dialect }: SearchScope): Statement {
  const parts = termsOf(query).map(({ words }) => {
    const [longest = ""] = [...words].sort((a, b) => b.length - a.length);
    // Databases fold the case of A to Z only: other letters match anything.
    const pattern = `%${longest.replace(/[^a-z0-9]+/g, "%")}%`;
    const { sql, values } = dialect.ilike(contentValues.expression, pattern);
    return { sql: `EXISTS (SELECT 1 ${contentValues.from} WHERE ${sql})`, values };
  });
  return {
    sql: parts.map(({ sql }) => sql).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}

/**
 * `text ILIKE '%…%'` over everything that the spans hold: true where one of its texts is like that. `NOT LIKE` is true
 * where none is.
 */
export function compileContent(clause: FilterClause, scope: SearchScope): Statement {
  const isNegated = clause.operator.startsWith("NOT ");
  const operator = clause.operator.replace("NOT ", "") as FilterClause["operator"];
  const positive: FilterClause = { ...clause, operator };
  const { expression } = contentValues;
  const tests = writtenInJson(likePattern(clause)).map((pattern) =>
    compare({ expression, type: "text", clause: withPattern(positive, pattern) }, scope),
  );
  const isAny = `EXISTS (SELECT 1 ${contentValues.from} WHERE ${tests.map(({ sql }) => sql).join(" OR ")})`;
  return {
    sql: isNegated ? `NOT ${isAny}` : isAny,
    values: tests.flatMap(({ values }) => values),
  };
}
