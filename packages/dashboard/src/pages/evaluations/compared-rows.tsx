import type { ComparedRow, ScoreComparison } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PagedAnswer } from "../../api/use-query.ts";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { formatDifference } from "../../format/numbers.ts";
import { ComparedRowDialog } from "./compared-row-dialog.tsx";
import { Output } from "./row-columns.tsx";

const WHICH = [
  { value: "all", label: "All" },
  { value: "regressed", label: "Regressed" },
  { value: "improved", label: "Improved" },
] as const;

type Which = (typeof WHICH)[number]["value"];

/** The rows of both sides, the worst regression of the chosen scorer first. */
export function ComparedRows({
  rows,
  scores,
}: {
  rows: readonly ComparedRow[];
  scores: readonly ScoreComparison[];
}): JSX.Element {
  const [which, setWhich] = useState<Which>("all");
  const [scorer, setScorer] = useState("");
  const [shown, setShown] = useState<ComparedRow>();
  const sorted = arrange(rows, which, { scores, scorer });
  return (
    <Section
      title="Rows"
      actions={
        <>
          <Segmented label="Rows" choices={WHICH} value={which} onChange={setWhich} />
          <ScorerSelect
            scorers={scores.map(({ name }) => name)}
            value={scorer}
            onChange={setScorer}
          />
        </>
      }
    >
      <DataTable
        label="Compared rows"
        columns={columns(scores, setShown)}
        answer={known(sorted)}
        keyOf={({ rowId, baseline, candidate }) => `${rowId} ${!baseline} ${!candidate}`}
        empty={<EmptyState title="No such row." />}
      />
      {shown === undefined ? null : (
        <ComparedRowDialog row={shown} onClose={() => setShown(undefined)} />
      )}
    </Section>
  );
}

function ScorerSelect({
  scorers,
  value,
  onChange,
}: {
  scorers: readonly string[];
  value: string;
  onChange: (scorer: string) => void;
}): JSX.Element {
  return (
    <label class="inline-field">
      Worst first by
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">all scorers</option>
        {scorers.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** All rows are here already: the table asks nobody. */
function known(rows: readonly ComparedRow[]): PagedAnswer<ComparedRow> {
  const nothing = (): void => {};
  return {
    data: rows,
    error: null,
    isLoading: false,
    retry: nothing,
    hasMore: false,
    isLoadingMore: false,
    loadMore: nothing,
  };
}

function arrange(
  rows: readonly ComparedRow[],
  which: Which,
  by: { readonly scores: readonly ScoreComparison[]; readonly scorer: string },
): readonly ComparedRow[] {
  const counted = by.scores.filter(({ name }) => by.scorer === "" || name === by.scorer);
  const change = ({ differences }: ComparedRow): number | undefined => {
    const gains = counted.flatMap((score) => gainOf(own(differences, score.name), score) ?? []);
    return gains.length === 0 ? undefined : gains.reduce((sum, gain) => sum + gain, 0);
  };
  return rows
    .map((row) => ({ row, change: change(row) }))
    .filter(({ change: value }) => {
      if (which === "all") return true;
      return value !== undefined && (which === "regressed" ? value < 0 : value > 0);
    })
    .sort((a, b) => (a.change ?? Infinity) - (b.change ?? Infinity))
    .map(({ row }) => row);
}

/** A difference as it is felt: above 0 when it is for the better. */
function gainOf(difference: number | undefined, { better }: ScoreComparison): number | undefined {
  return difference === undefined || better === "higher" ? difference : -difference;
}

function columns(
  scores: readonly ScoreComparison[],
  onShow: (row: ComparedRow) => void,
): readonly Column<ComparedRow>[] {
  return [
    {
      key: "inputs",
      label: "Inputs",
      width: 200,
      grow: true,
      cell: (row) => (
        <button type="button" class="row-link" onClick={() => onShow(row)}>
          <JsonCell value={row.inputs} />
        </button>
      ),
    },
    {
      key: "baseline",
      label: "Baseline output",
      width: 230,
      cell: ({ baseline }) => (baseline === undefined ? missing() : <Output row={baseline} />),
    },
    {
      key: "candidate",
      label: "Candidate output",
      width: 230,
      cell: ({ candidate }) => (candidate === undefined ? missing() : <Output row={candidate} />),
    },
    ...scores.map(
      (score): Column<ComparedRow> => ({
        key: `difference ${score.name}`,
        label: `Δ ${score.name}`,
        width: 112,
        isNumber: true,
        cell: (row) => <Delta value={own(row.differences, score.name)} score={score} />,
      }),
    ),
  ];
}

function own(values: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function missing(): JSX.Element {
  return <span class="muted">not in this one</span>;
}

/** A difference: the arrow says which way, the colour whether that is good. */
function Delta({
  value,
  score,
}: {
  value: number | undefined;
  score: ScoreComparison;
}): JSX.Element {
  if (value === undefined) return <span class="muted">–</span>;
  if (value === 0) return <span class="muted">0</span>;
  return (
    <span class={(gainOf(value, score) ?? 0) > 0 ? "tone-good" : "tone-bad"}>
      {value > 0 ? "▲" : "▼"} {formatDifference(value)}
    </span>
  );
}
