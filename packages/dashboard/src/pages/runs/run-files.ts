import type { MetricExport } from "@rivulet/core";
import { rivulet } from "../../api/client.ts";
import type { FileGroup, FileScope } from "../../lists/list-spec.ts";
import { counted } from "../../questions/list-query.ts";
import { quote } from "../../search/filter-text.ts";

const FORMATS = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["jsonl", "JSON lines"],
  ["parquet", "Parquet"],
] as const satisfies readonly (readonly [MetricExport["format"], string])[];

/** Ticked runs whose ids an address has room for. */
const MOST_NAMED = 150;

/** Files of runs with all that was logged, and of the points of their metrics. */
export function runFiles({ query, keys }: FileScope): readonly FileGroup[] {
  if (keys.size > MOST_NAMED) return [];
  const { orderBy = "" } = query;
  const named = { filter: `id IN (${[...keys].map(quote).join(", ")})` };
  const rows = {
    ...counted(query),
    ...(orderBy !== "" && { orderBy: [orderBy] }),
    ...(keys.size > 0 && named),
  };
  return [
    { title: "All params, metrics and tags", url: rivulet.runs.exportUrl },
    { title: "Metric points", url: rivulet.runs.exportMetricsUrl },
  ].map(({ title, url }) => ({
    title,
    links: FORMATS.map(([format, label]) => ({ label, href: url({ ...rows, format }) })),
  }));
}
