import type { TableFormat } from "@rivulet/core";
import { rivulet } from "../../api/client.ts";
import { saveFile } from "../../files/save-file.ts";
import type { FileGroup, FileScope } from "../../lists/list-spec.ts";
import { counted } from "../../questions/list-query.ts";

const FORMATS = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["jsonl", "JSON lines"],
  ["parquet", "Parquet"],
] as const satisfies readonly (readonly [TableFormat, string])[];

/** Files of runs with all that was logged, and of the points of their metrics. */
export function runFiles({ query, keys }: FileScope): readonly FileGroup[] {
  const { orderBy = "", lifecycle } = query;
  const named = { runIds: [...keys], ...(lifecycle !== undefined && { lifecycle }) };
  const found = { ...counted(query), ...(orderBy !== "" && { orderBy: [orderBy] }) };
  return (["runs", "metrics"] as const).map((name) => ({
    title: name === "runs" ? "All params, metrics and tags" : "Metric points",
    links: FORMATS.map(([format, label]) =>
      keys.size > 0
        ? { label, save: () => save(name, { ...named, format }) }
        : { label, href: urlOf(name, { ...found, format }) },
    ),
  }));
}

type Export = Parameters<typeof rivulet.runs.exportUrl>[0];

function urlOf(name: "runs" | "metrics", query: Export): string {
  return name === "runs" ? rivulet.runs.exportUrl(query) : rivulet.runs.exportMetricsUrl(query);
}

/** The runs that are ticked: their ids are too many for a link. */
async function save(name: "runs" | "metrics", query: Export): Promise<void> {
  const verb = name === "runs" ? "export" : "exportMetrics";
  const parts: BlobPart[] = [];
  for await (const part of await rivulet.runs[verb](query)) parts.push(part as BlobPart);
  saveFile(`${name}.${query.format}`, new Blob(parts));
}
