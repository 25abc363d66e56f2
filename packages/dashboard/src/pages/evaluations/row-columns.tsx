import type { EvaluationRow, Score } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/data-table.tsx";
import { Icon } from "../../components/icon.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { formatShort } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { paths } from "../../routing/paths.ts";

/** Columns of the rows of an evaluation, one per scorer. */
export function rowColumns(
  scorers: readonly string[],
  onShow: (row: EvaluationRow) => void,
): readonly Column<EvaluationRow>[] {
  return [
    {
      key: "inputs",
      label: "Inputs",
      width: 220,
      grow: true,
      cell: (row) => (
        <button type="button" class="row-link" onClick={() => onShow(row)}>
          <JsonCell value={row.inputs} />
        </button>
      ),
    },
    { key: "output", label: "Output", width: 260, cell: (row) => <Output row={row} /> },
    {
      key: "expectations",
      label: "Expectations",
      width: 180,
      cell: ({ expectations }) => <JsonCell value={expectations} />,
    },
    ...scorers.map(
      (name): Column<EvaluationRow> => ({
        key: `score ${name}`,
        label: name,
        width: 104,
        isNumber: true,
        cell: (row) => <ScoreCell score={row.scores.find((score) => score.name === name)} />,
      }),
    ),
    {
      key: "duration",
      label: "Latency",
      width: 84,
      isNumber: true,
      cell: ({ durationMs }) => formatDuration(durationMs),
    },
    {
      key: "trace",
      label: "Trace",
      width: 116,
      cell: ({ traceId }) =>
        traceId === undefined ? null : (
          <a class="over-row" href={paths.trace(traceId)}>
            {traceId.slice(0, 12)}
          </a>
        ),
    },
  ];
}

/** What the task made of a row, or why it failed. */
function Output({ row }: { row: EvaluationRow }): JSX.Element {
  if (row.error === undefined) return <JsonCell value={row.output} />;
  return (
    <span class="tone-bad" title={row.error}>
      <Icon name="warning" /> {row.error}
    </span>
  );
}

/** A score: its number, its label, or why there is none. */
export function ScoreCell({ score }: { score: Score | undefined }): JSX.Element | null {
  if (score === undefined) return null;
  if (score.error !== undefined) {
    return (
      <span class="tone-bad" title={score.error}>
        <Icon name="warning" /> error
      </span>
    );
  }
  const text = score.value === null ? "–" : formatShort(score.value);
  return (
    <span title={score.rationale}>
      {text}
      {score.label === undefined ? null : <span class="muted"> {score.label}</span>}
    </span>
  );
}
