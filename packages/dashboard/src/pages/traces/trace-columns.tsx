import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/data-table.tsx";
import { readableText } from "../../components/json-cell.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { quote } from "../../search/filter-text.ts";
import { totalTokens } from "./token-usage.ts";

/** The columns of a table of traces; those that would be empty leave their room to the others. */
export function usefulColumns(traces: readonly Trace[]): readonly Column<Trace>[] {
  const hasCost = traces.some((trace) => trace.cost !== undefined);
  const hasSession = traces.some((trace) => trace.sessionId !== undefined);
  return TRACE_COLUMNS.filter(
    ({ key }) => (key !== "cost" || hasCost) && (key !== "sessionId" || hasSession),
  );
}

const TRACE_COLUMNS: readonly Column<Trace>[] = [
  {
    key: "name",
    label: "Name",
    width: 170,
    canSort: true,
    cell: (trace) => (
      <a class="row-link" href={paths.trace(trace.id)}>
        {trace.name}
      </a>
    ),
  },
  {
    key: "status",
    label: "Status",
    width: 112,
    canSort: true,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    key: "input",
    label: "Input",
    width: 150,
    grow: true,
    cell: ({ inputPreview }) => <Preview text={inputPreview} />,
  },
  {
    key: "output",
    label: "Output",
    width: 150,
    grow: true,
    cell: ({ outputPreview }) => <Preview text={outputPreview} />,
  },
  {
    key: "startTime",
    label: "Started",
    width: 92,
    canSort: true,
    cell: ({ startTime }) => <Age time={startTime} />,
  },
  {
    key: "durationMs",
    label: "Latency",
    width: 84,
    isNumber: true,
    canSort: true,
    cell: (trace) => <Duration start={trace.startTime} end={trace.endTime} />,
  },
  {
    key: "tokens",
    label: "Tokens",
    width: 72,
    isNumber: true,
    cell: ({ usage }) => count(totalTokens(usage)),
  },
  {
    key: "cost",
    label: "Cost",
    width: 80,
    isNumber: true,
    canSort: true,
    cell: ({ cost }) => (cost === undefined ? "" : formatCost(cost)),
  },
  { key: "sessionId", label: "Session", width: 110, canSort: true, cell: sessionLink },
];

function Preview({ text }: { text: string | undefined }): JSX.Element {
  return (
    <span class="preview" title={text}>
      {text === undefined ? null : readableText(text)}
    </span>
  );
}

function sessionLink({ sessionId }: Trace): JSX.Element | null {
  if (sessionId === undefined) return null;
  return (
    <a class="over-row" href={paths.traces({ filter: `sessionId = ${quote(sessionId)}` })}>
      {sessionId}
    </a>
  );
}

function count(value: number | undefined): string {
  return value === undefined ? "" : formatCount(value);
}
