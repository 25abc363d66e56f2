import { RivuletError, type TraceGroup } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { SqlValue } from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { columnOf } from "../kit/declared-table.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";

/** What traces, or spans, are grouped by. */
export interface GroupedBy {
  /** `t` for traces; `s` where spans are counted. */
  readonly counted: "t" | "s";
  /** Operand of FROM. */
  readonly from: string;
  readonly columns: readonly { readonly sql: string; readonly values: readonly SqlValue[] }[];
  /** Conditions on what is counted. */
  readonly where: readonly string[];
}

type SpanGroup = Extract<TraceGroup, "model" | "provider" | "tool" | "prompt" | `span.${string}`>;

const SPAN_COLUMNS: Readonly<Record<Exclude<SpanGroup, "prompt">, string>> = {
  model: "model",
  provider: "provider",
  tool: "name",
  "span.name": "name",
  "span.type": "type",
};

/** Groups as SQL. @throws RivuletError `invalid_argument` for an unknown one */
export function groupedBy(groups: readonly TraceGroup[], dialect: Dialect): GroupedBy {
  const isOfSpans = groups.some(isSpanGroup);
  const prompts = dialect.json.items("s.prompts", "p");
  const usesPrompts = groups.includes("prompt");
  const columns = groups.map((group) => {
    if (group === "prompt") {
      const [name, version] = [prompts.property("name").text, prompts.property("version").text];
      return { sql: `${name} || '/' || ${version}`, values: [] };
    }
    return isSpanGroup(group)
      ? { sql: `s.${columnOf(PARTS.span, SPAN_COLUMNS[group])}`, values: [] }
      : traceColumn(group);
  });
  const spans = isOfSpans ? ` JOIN spans s ON ${spansOfTrace("s", "t")}` : "";
  return {
    counted: isOfSpans ? "s" : "t",
    from: `traces t${spans}${usesPrompts ? ` CROSS JOIN ${prompts.from}` : ""}`,
    columns,
    where: [
      ...(groups.includes("model") ? ["s.model IS NOT NULL"] : []),
      ...(groups.includes("tool") ? ["s.type = 'tool'"] : []),
    ],
  };
}

function isSpanGroup(group: TraceGroup): group is SpanGroup {
  return group === "prompt" || Object.hasOwn(SPAN_COLUMNS, group);
}

function traceColumn(group: TraceGroup): GroupedBy["columns"][number] {
  const { trace } = ENTITIES;
  if (group.startsWith("tags.")) {
    const sql = `(SELECT v.value FROM tags v WHERE v.entity = 'trace' AND v.owner = t.id AND v.key = ?)`;
    return { sql, values: [group.slice("tags.".length)] };
  }
  if (trace.searched.includes(group)) return { sql: `t.${columnOf(trace, group)}`, values: [] };
  throw new RivuletError("invalid_argument", `Traces cannot be grouped by "${group}".`, {
    details: { field: "groupBy" },
  });
}
