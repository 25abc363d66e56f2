import type { ComparedRow, ComparedSide, Comparison } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { PagedAnswer } from "../../api/use-query.ts";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { Icon } from "../../components/icon.tsx";
import { readableText } from "../../components/json-cell.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Steps } from "../../components/steps.tsx";
import { formatDifference } from "../../format/numbers.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { ComparedRowDialog } from "./compared-row-dialog.tsx";
import { type DirectedScore, gainOf } from "./score-directions.ts";

const WHICH = [
  { value: "all", label: "All" },
  { value: "regressed", label: "Regressed" },
  { value: "improved", label: "Improved" },
] as const;

/** Of scores of which nobody has said which way they improve. */
const UNDIRECTED = [
  { value: "all", label: "All" },
  { value: "regressed", label: "Lower" },
  { value: "improved", label: "Higher" },
] as const;

type Which = (typeof WHICH)[number]["value"];

/** The rows of both sides, the worst regression of the chosen scorer first. */
export function ComparedRows({
  comparison: { baseline, candidate, rows },
  scores,
}: {
  comparison: Comparison;
  scores: readonly DirectedScore[];
}): JSX.Element {
  const [wanted, setWhich] = useQueryState("which", "all");
  const [scorer, setScorer] = useQueryState("by");
  const [shown, setShown] = useQueryState("row");
  const which = WHICH.find(({ value }) => value === wanted)?.value ?? "all";
  const counted = countedScores(scores, scorer);
  const isDirected = counted.some(({ better }) => better !== undefined);
  const sorted = useMemo(() => arrange(rows, which, counted), [rows, which, scorer, scores]);
  const index = sorted.findIndex((row) => keyOf(row) === shown);
  const row = sorted[index];
  const step = (next: number): void =>
    setShown(sorted[next] === undefined ? "" : keyOf(sorted[next]));
  return (
    <Section
      title="Rows"
      actions={
        <>
          <Segmented
            label="Rows"
            choices={isDirected ? WHICH : UNDIRECTED}
            value={which}
            onChange={setWhich}
          />
          <ScorerSelect
            label={isDirected ? "Worst first by" : "Lowest first by"}
            scorers={scores.map(({ name }) => name)}
            value={scorer}
            onChange={setScorer}
          />
        </>
      }
    >
      <DataTable
        label="Compared rows"
        columns={columns(scores, (next) => setShown(keyOf(next)))}
        answer={known(sorted)}
        keyOf={keyOf}
        empty={<EmptyState title="No such row." />}
      />
      {row === undefined ? null : (
        <ComparedRowDialog
          row={row}
          evaluationIds={[baseline.id, candidate.id]}
          steps={<Steps index={index} count={sorted.length} onStep={step} />}
          onClose={() => setShown("")}
        />
      )}
    </Section>
  );
}

/** Rows that are in one of the two only may have the same id on both sides. */
function keyOf({ rowId, baseline, candidate }: ComparedRow): string {
  return `${rowId}.${baseline === undefined ? "c" : candidate === undefined ? "b" : "bc"}`;
}

function ScorerSelect({
  label,
  scorers,
  value,
  onChange,
}: {
  label: string;
  scorers: readonly string[];
  value: string;
  onChange: (scorer: string) => void;
}): JSX.Element {
  return (
    <label class="inline-field">
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All scorers</option>
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

/** The scores that rows are arranged by: the chosen one, or all. */
function countedScores(scores: readonly DirectedScore[], scorer: string): readonly DirectedScore[] {
  return scores.filter(({ name }) => scorer === "" || name === scorer);
}

/** Where nobody has said of any of the scores which way it improves, the differences as they are. */
function arrange(
  rows: readonly ComparedRow[],
  which: Which,
  scores: readonly DirectedScore[],
): readonly ComparedRow[] {
  const isDirected = scores.some(({ better }) => better !== undefined);
  const change = ({ differences }: ComparedRow): number | undefined => {
    const gains = scores.flatMap((score) => {
      const difference = own(differences, score.name);
      return (isDirected ? gainOf(difference, score) : difference) ?? [];
    });
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

function columns(
  scores: readonly DirectedScore[],
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
          <span class="json-cell">{readableText(row.inputsPreview)}</span>
        </button>
      ),
    },
    {
      key: "baseline",
      label: "Baseline output",
      width: 230,
      cell: ({ baseline }) => <SideCell side={baseline} />,
    },
    {
      key: "candidate",
      label: "Candidate output",
      width: 230,
      cell: ({ candidate }) => <SideCell side={candidate} />,
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

/** What the task made of a row on one side, or why it failed. */
function SideCell({ side }: { side: ComparedSide | undefined }): JSX.Element {
  if (side === undefined) return <span class="muted">not in this one</span>;
  const { errorPreview, outputPreview = "" } = side;
  if (errorPreview === undefined) {
    return <span class="json-cell">{readableText(outputPreview)}</span>;
  }
  return (
    <span class="tone-bad" title={errorPreview}>
      <Icon name="warning" /> {errorPreview}
    </span>
  );
}

/** A difference: the arrow says which way, the colour whether that is good. */
function Delta({ value, score }: { value: number | undefined; score: DirectedScore }): JSX.Element {
  if (value === undefined) return <span class="muted">–</span>;
  if (value === 0) return <span class="muted">0</span>;
  const gain = gainOf(value, score);
  return (
    <span class={gain === undefined ? "" : gain > 0 ? "tone-good" : "tone-bad"}>
      {value > 0 ? "▲" : "▼"} {formatDifference(value)}
    </span>
  );
}
