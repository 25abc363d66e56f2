import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { formatMetric } from "../format/numbers.ts";

/** How often each class was taken for which. */
export interface Confusion {
  readonly labels: readonly string[];
  /** Row: the true class; column: the predicted one. */
  readonly matrix: readonly (readonly number[])[];
}

/** A confusion matrix in a JSON artifact: `{ labels: […], matrix: [[…]] }` with one row per true class. */
export function readConfusion(value: JsonValue): Confusion | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const body = value as Readonly<Record<string, JsonValue>>;
  const matrix = body.matrix ?? body.confusionMatrix ?? body.values ?? null;
  if (!isMatrix(matrix)) return undefined;
  const names = body.labels ?? body.classes ?? null;
  const labels = matrix.map((_, index) =>
    Array.isArray(names) ? String(names[index] ?? index) : String(index),
  );
  return { labels, matrix };
}

function isMatrix(value: JsonValue): value is readonly (readonly number[])[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (row) =>
        Array.isArray(row) &&
        row.length === value.length &&
        row.every((cell) => typeof cell === "number"),
    )
  );
}

/** The matrix as a heat map; each cell says its number. */
export function ConfusionMatrix({ labels, matrix }: Confusion): JSX.Element {
  return (
    <table class="confusion">
      <caption>Rows are the true class, columns the predicted one.</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden-text">True class</span>
          </th>
          {labels.map((label) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
          <th scope="col" class="muted">
            recall
          </th>
        </tr>
      </thead>
      <tbody>
        {matrix.map((row, index) => (
          <ConfusionRow key={labels[index]} label={labels[index] ?? ""} row={row} index={index} />
        ))}
      </tbody>
    </table>
  );
}

function ConfusionRow({
  label,
  row,
  index,
}: {
  label: string;
  row: readonly number[];
  index: number;
}): JSX.Element {
  const total = row.reduce((sum, cell) => sum + cell, 0);
  return (
    <tr>
      <th scope="row">{label}</th>
      {row.map((cell, column) => (
        <td
          key={column}
          class={column === index ? "number hit" : "number miss"}
          style={{ "--share": String(total === 0 ? 0 : cell / total) }}
        >
          {formatMetric(cell)}
        </td>
      ))}
      <td class="number muted">
        {total === 0 ? "–" : `${Math.round((100 * (row[index] ?? 0)) / total)} %`}
      </td>
    </tr>
  );
}
