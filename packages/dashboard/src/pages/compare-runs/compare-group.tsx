import type { Better } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LongText } from "../../components/long-text.tsx";
import { formatDifference, formatMetric } from "../../format/numbers.ts";
import type { ComparedRow, RowGroup } from "./compare-rows.ts";
import { BestMark } from "./ranking-table.tsx";

/** Rows of a group that are drawn, and as many more each time they are asked for. */
const PORTION = 200;

/** Metrics, params or tags of the runs in view. A click on a name orders the runs by its values. */
export function CompareGroup({
  group: { title, rows },
  places,
  baseline,
  onlyDifferent,
  sort,
  onSort,
}: {
  group: RowGroup;
  places: readonly number[];
  baseline: number;
  onlyDifferent: boolean;
  sort: string;
  onSort: (row: ComparedRow) => void;
}): JSX.Element {
  const [most, setMost] = useState(PORTION);
  const shown = onlyDifferent ? rows.filter(({ differs }) => differs) : rows;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={places.length + 3} class="group-title">
          {title}
          <span class="muted">
            {" "}
            {shown.length === rows.length
              ? rows.length
              : `${shown.length} of ${rows.length} differ`}
          </span>
        </th>
      </tr>
      {shown.slice(0, most).map((row) => (
        <tr key={row.id} class={row.differs ? "differs" : ""}>
          <th scope="row">
            <button type="button" title="Order the runs by it" onClick={() => onSort(row)}>
              {row.key}
              {sort.startsWith(`${row.id} `) ? (sort.endsWith(" DESC") ? " ↓" : " ↑") : ""}
            </button>
          </th>
          <td class="room" />
          {places.map((place) => (
            <td key={place} class={typeof row.values[place] === "number" ? "number" : ""}>
              <Cell
                value={row.values[place] ?? null}
                reference={place === baseline ? null : (row.values[baseline] ?? null)}
                better={row.better}
              />
              {row.best.has(place) ? <BestMark /> : null}
            </td>
          ))}
          <td class="room" />
        </tr>
      ))}
      {shown.length > most ? (
        <tr>
          <th scope="row">
            <button type="button" onClick={() => setMost(most + PORTION)}>
              {shown.length - most} more
            </button>
          </th>
          <td colSpan={places.length + 2} />
        </tr>
      ) : null}
    </tbody>
  );
}

function Cell({
  value,
  reference,
  better,
}: {
  value: string | number | null;
  reference: string | number | null;
  better: Better | undefined;
}): JSX.Element {
  if (value === null) return <span class="muted">–</span>;
  if (typeof value === "string") return <LongText text={value} />;
  const difference = typeof reference === "number" ? value - reference : 0;
  return (
    <>
      {formatMetric(value)}
      {difference === 0 || Number.isNaN(difference) ? null : (
        <Difference difference={difference} better={better} />
      )}
    </>
  );
}

/** Which way is good is said by the experiment; without that, a difference is only a difference. */
function Difference({
  difference,
  better,
}: {
  difference: number;
  better: Better | undefined;
}): JSX.Element {
  const words = formatDifference(difference);
  if (better === undefined) return <span class="muted delta"> {words}</span>;
  const isGood = difference > 0 === (better === "higher");
  return (
    <span class={`delta tone-${isGood ? "good" : "bad"}`} title={isGood ? "Better" : "Worse"}>
      {" "}
      {words}
      <span class="hidden-text">{isGood ? ", better" : ", worse"}</span>
    </span>
  );
}
