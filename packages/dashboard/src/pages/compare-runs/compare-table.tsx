import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { CurveSwatch } from "../../charts/curve-swatch.tsx";
import { Section } from "../../components/page.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatDifference, formatMetric } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";

type Values = Readonly<Record<string, string | number>>;

const GROUPS: readonly (readonly [title: string, read: (run: Run) => Values])[] = [
  ["Metrics", (run) => run.metrics],
  ["Parameters", (run) => run.params],
  ["Tags", (run) => run.tags],
];

/** Every value of every run; the first run is the one that differences refer to. */
export function CompareTable({ runs }: { runs: readonly Run[] }): JSX.Element {
  const [mode, setMode] = useQueryState("show", runs.length > 2 ? "differences" : "all");
  const onlyDifferent = mode === "differences";
  return (
    <Section
      title="Values"
      actions={
        <label class="tick">
          <input
            type="checkbox"
            checked={onlyDifferent}
            onChange={() => setMode(onlyDifferent ? "all" : "differences")}
          />
          Only differences
        </label>
      }
    >
      <ScrollRegion label="Values of the runs" class="wide-table">
        <table class="plain-table compare">
          <RunHead runs={runs} />
          {GROUPS.map(([title, read]) => (
            <Group
              key={title}
              title={title}
              runs={runs}
              read={read}
              onlyDifferent={onlyDifferent}
            />
          ))}
        </table>
      </ScrollRegion>
    </Section>
  );
}

function RunHead({ runs }: { runs: readonly Run[] }): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="hidden-text">Value</span>
        </th>
        {runs.map((run, index) => (
          <th key={run.id} scope="col">
            <CurveSwatch color={index} />
            <a href={paths.run(run)}>{run.name}</a>
            <div class="compare-facts">
              <StatusBadge status={run.status} /> <Age time={run.startTime} /> ·{" "}
              <Duration start={run.startTime} end={run.endTime} />
            </div>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Group({
  title,
  runs,
  read,
  onlyDifferent,
}: {
  title: string;
  runs: readonly Run[];
  read: (run: Run) => Values;
  onlyDifferent: boolean;
}): JSX.Element | null {
  const tables = runs.map(read);
  const keys = [...new Set(tables.flatMap((values) => Object.keys(values)))].sort();
  const rows = keys
    .map((key) => ({ key, cells: tables.map((values) => own(values, key)) }))
    .map((row) => ({ ...row, differs: row.cells.some((cell) => cell !== row.cells[0]) }));
  const shown = onlyDifferent ? rows.filter((row) => row.differs) : rows;
  if (keys.length === 0) return null;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={runs.length + 1} class="group-title">
          {title}
          <span class="muted"> {groupNote(rows.length, shown.length)}</span>
        </th>
      </tr>
      {shown.map(({ key, cells, differs }) => (
        <tr key={key} class={differs ? "differs" : ""}>
          <th scope="row">{key}</th>
          {cells.map((cell, index) => (
            <td key={runs[index]?.id} class={typeof cell === "number" ? "number" : ""}>
              <CellValue cell={cell} reference={index === 0 ? undefined : cells[0]} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function groupNote(all: number, shown: number): string {
  return shown === all ? `${all}` : `${shown} of ${all} differ`;
}

function own(values: Values, key: string): string | number | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function CellValue({
  cell,
  reference,
}: {
  cell: string | number | undefined;
  reference: string | number | undefined;
}): JSX.Element {
  if (cell === undefined) return <span class="muted">–</span>;
  if (typeof cell === "string") return <>{cell}</>;
  const difference = typeof reference === "number" ? cell - reference : 0;
  return (
    <>
      {formatMetric(cell)}
      {difference === 0 ? null : <span class="muted delta"> {formatDifference(difference)}</span>}
    </>
  );
}
