import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ConfusionMatrix, readConfusion } from "../../../charts/confusion-matrix.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { JsonTree } from "../../../content/json-tree.tsx";
import { FileTable, type TableData } from "./file-table.tsx";

const VIEWS = [
  { value: "table", label: "Table" },
  { value: "json", label: "JSON" },
] as const;

/** A JSON file: as what it holds where that is known, and as its tree. */
export function JsonFile({ value }: { value: JsonValue }): JSX.Element {
  const table = useMemo(() => readTable(value), [value]);
  const [view, setView] = useState<"table" | "json">("table");
  const confusion = useMemo(() => readConfusion(value), [value]);
  return (
    <>
      {table === undefined ? null : (
        <Segmented label="Shown as" choices={VIEWS} value={view} onChange={setView} />
      )}
      {confusion === undefined ? null : <ConfusionMatrix {...confusion} />}
      {isVega(value) ? (
        <p class="muted">
          A Vega chart, as its specification: to draw it, code would have to be made while the page
          runs, which its content policy forbids.
        </p>
      ) : null}
      {table !== undefined && view === "table" ? (
        <FileTable {...table} />
      ) : (
        <JsonTree value={value} label="file" />
      )}
    </>
  );
}

/** A table as MLflow's clients log it: `{ columns: [names], data: [rows] }`. */
function readTable(value: JsonValue): TableData | undefined {
  if (!isObject(value)) return undefined;
  const { columns, data } = value;
  const isTable =
    Array.isArray(columns) &&
    columns.every((name) => typeof name !== "object") &&
    Array.isArray(data) &&
    data.every((row) => Array.isArray(row));
  if (!isTable) return undefined;
  return { columns: columns.map(String), rows: data as readonly (readonly JsonValue[])[] };
}

function isVega(value: JsonValue): boolean {
  return isObject(value) && /\/schema\/vega(?:-lite)?\//.test(String(value["$schema"]));
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
