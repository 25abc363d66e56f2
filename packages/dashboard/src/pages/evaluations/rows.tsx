import type { Evaluation, EvaluationRow } from "@rivulet/core";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { usePages } from "../../api/use-query.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { askEvaluationRows } from "../../questions/evaluations.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { rowColumns } from "./row-columns.tsx";
import { RowDialog } from "./row-dialog.tsx";

const WHICH = [
  { value: "", label: "All" },
  { value: "failed", label: "Failed" },
  { value: "unscored", label: "Scorer failed" },
] as const;

type Which = (typeof WHICH)[number]["value"];

/** The rows of an evaluation in the order of its data, or those that one looks for, lowest or highest score first. */
export function Rows({ evaluation }: { evaluation: Evaluation }): JSX.Element {
  const [shown, setShown] = useQueryState("row");
  const [which, setWhich] = useQueryState("which");
  const [by, setBy] = useQueryState("by");
  const answer = usePages(askEvaluationRows(evaluation.id));
  const isArranged = which !== "" || by !== "";
  useEffect(() => {
    // Only all rows can be arranged.
    if (isArranged && answer.hasMore && !answer.isLoadingMore) answer.loadMore();
  }, [isArranged, answer.hasMore, answer.isLoadingMore, answer.data]);
  const names = evaluation.scores.map(({ name }) => name);
  const rows = answer.data && arrange(answer.data, which, by);
  const index = rows?.findIndex((row) => keyOf(row) === shown) ?? -1;
  const row = rows?.[index];
  return (
    <>
      <div class="toolbar">
        <Segmented
          label="Rows"
          choices={WHICH}
          value={WHICH.find(({ value }) => value === which)?.value ?? ""}
          onChange={setWhich}
        />
        <OrderSelect names={names} value={by} onChange={setBy} />
        {isArranged && rows !== undefined ? (
          <span class="muted" role="status">
            {answer.hasMore ? "Loading all rows…" : `${rows.length} of ${answer.data?.length} rows`}
          </span>
        ) : null}
      </div>
      <DataTable
        label="Rows"
        columns={rowColumns(names, (next) => setShown(keyOf(next)))}
        answer={{ ...answer, data: rows }}
        keyOf={keyOf}
        empty={
          <EmptyState title={isArranged ? "No such row." : "No row has been evaluated yet."} />
        }
      />
      {row === undefined || rows === undefined ? null : (
        <RowDialog
          row={row}
          index={index}
          count={rows.length}
          onStep={(next) => setShown(rows[next] === undefined ? "" : keyOf(rows[next]))}
          onClose={() => setShown("")}
        />
      )}
    </>
  );
}

function OrderSelect({
  names,
  value,
  onChange,
}: {
  names: readonly string[];
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <label class="inline-field">
      Order
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">As in the data</option>
        {names.map((name) => (
          <>
            <option value={`${name} ASC`}>{name}, lowest first</option>
            <option value={`${name} DESC`}>{name}, highest first</option>
          </>
        ))}
      </select>
    </label>
  );
}

function keyOf({ rowId, trial }: EvaluationRow): string {
  return `${rowId}.${trial}`;
}

const TESTS: Readonly<Record<Which, (row: EvaluationRow) => boolean>> = {
  "": () => true,
  failed: ({ error }) => error !== undefined,
  unscored: ({ scores }) => scores.some(({ error }) => error !== undefined),
};

/** Rows without the score come last in either order. */
function arrange(
  rows: readonly EvaluationRow[],
  which: string,
  by: string,
): readonly EvaluationRow[] {
  const test = which === "failed" || which === "unscored" ? TESTS[which] : TESTS[""];
  const found = rows.filter(test);
  if (by === "") return found;
  const [, name = "", direction] = /^(.*) (ASC|DESC)$/.exec(by) ?? [];
  const sign = direction === "DESC" ? -1 : 1;
  const rank = ({ scores }: EvaluationRow): number => {
    const value = scores.find((score) => score.name === name)?.value;
    return value === undefined || value === null ? Number.POSITIVE_INFINITY : sign * value;
  };
  return found.toSorted((one, other) => compare(rank(one), rank(other)));
}

/** Both may be infinite, whose difference is no number. */
function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
