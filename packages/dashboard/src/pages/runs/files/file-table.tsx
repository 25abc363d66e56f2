import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { ScrollRegion } from "../../../components/scroll-region.tsx";
import { useVirtual } from "../../../components/use-virtual.ts";
import { formatCount } from "../../../format/numbers.ts";
import { useRowHeight } from "../../../settings/density.ts";

/** Names of columns, and values by row. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
}

/** Columns shown; the file has the others. */
const MOST_COLUMNS = 100;
/** Rows by which columns find their width. */
const MEASURED = 200;
const HEAD_HEIGHT = 34;
/** Room of a letter, and beside the text, in pixels. */
const LETTER = 7.5;
const BESIDE = 24;

/** A table out of a file; only rows in view are drawn. */
export function FileTable({ columns, rows }: TableData): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const rowHeight = useRowHeight();
  const view = useVirtual({ scroller, count: rows.length, rowHeight, headHeight: HEAD_HEIGHT });
  const shown = columns.slice(0, MOST_COLUMNS);
  const widths = useMemo(() => widthsOf({ columns: shown, rows }), [columns, rows]);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const gap = (height: number): JSX.Element | null =>
    height === 0 ? null : <tr class="gap" style={{ height: `${height}px` }} />;
  return (
    <>
      <ScrollRegion label="Rows of the file" class="file-table" scroller={scroller}>
        <table class="data-table" style={{ width: `${width}px` }} aria-rowcount={rows.length + 1}>
          <colgroup>
            {widths.map((one, index) => (
              <col key={index} style={{ width: `${one}px` }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              {shown.map((name, index) => (
                <th key={index} scope="col" title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {gap(view.before)}
            {rows.slice(view.first, view.end).map((row, index) => (
              <tr key={view.first + index} aria-rowindex={view.first + index + 2}>
                <th scope="row" class="number">
                  {view.first + index + 1}
                </th>
                {shown.map((_, column) => (
                  <Cell key={column} value={row[column]} />
                ))}
              </tr>
            ))}
            {gap(view.after)}
          </tbody>
        </table>
      </ScrollRegion>
      <p class="muted">
        {formatCount(rows.length)} {rows.length === 1 ? "row" : "rows"}
        {columns.length > shown.length
          ? `, the first ${formatCount(shown.length)} of ${formatCount(columns.length)} columns`
          : ""}
      </p>
    </>
  );
}

function Cell({ value }: { value: JsonValue | undefined }): JSX.Element {
  const text = textOf(value);
  return (
    <td class={typeof value === "number" ? "number" : ""} title={text}>
      {text}
    </td>
  );
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

/** Room for the longest of the first values, within bounds, with the numbers of the rows in front. */
function widthsOf({ columns, rows }: TableData): readonly number[] {
  const first = rows.slice(0, MEASURED);
  const lengths = columns.map((name, column) =>
    first.reduce((most, row) => Math.max(most, textOf(row[column]).length), name.length),
  );
  return [String(rows.length).length, ...lengths].map((length) =>
    Math.round(Math.min(40, Math.max(3, length)) * LETTER + BESIDE),
  );
}
