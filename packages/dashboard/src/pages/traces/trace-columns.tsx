import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { PromptLinks, Tags } from "../../components/chips.tsx";
import type { Column } from "../../components/column.ts";
import { Icon } from "../../components/icon.tsx";
import { readableText } from "../../components/json-cell.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { FeedbackChips } from "./feedback-chips.tsx";
import { totalTokens } from "./token-usage.ts";

/** What is shown when somebody chooses it. */
const MORE_COLUMNS: readonly Column<Trace>[] = [
  {
    key: "userId",
    label: "User",
    width: 100,
    canSort: true,
    cell: ({ userId }) => userId,
  },
  {
    key: "errorPreview",
    label: "Error",
    width: 200,
    cell: ({ errorPreview }) =>
      errorPreview === undefined ? null : <ErrorText text={errorPreview} />,
  },
  {
    key: "prompts",
    label: "Prompts",
    width: 150,
    cell: ({ prompts }) => (
      <span class="over-row">
        <PromptLinks prompts={prompts} />
      </span>
    ),
  },
  ...(["inputTokens", "outputTokens"] as const).map(
    (key): Column<Trace> => ({
      key,
      label: key === "inputTokens" ? "Tokens in" : "Tokens out",
      width: 84,
      isNumber: true,
      canSort: true,
      cell: ({ usage }) => count(usage[key]),
      value: ({ usage }) => usage[key],
    }),
  ),
  ...(["spanCount", "errorCount"] as const).map(
    (key): Column<Trace> => ({
      key,
      label: key === "spanCount" ? "Spans" : "Failed spans",
      width: key === "spanCount" ? 72 : 100,
      isNumber: true,
      canSort: true,
      cell: (trace) => count(trace[key]),
    }),
  ),
  {
    key: "endTime",
    label: "Ended",
    width: 92,
    canSort: true,
    cell: ({ endTime }) => (endTime === undefined ? null : <Age time={endTime} />),
  },
  { key: "id", label: "Id", width: 150, cell: ({ id }) => <code>{id}</code> },
];

/** The columns of a table of traces. */
export const TRACE_COLUMNS: readonly Column<Trace>[] = [
  {
    key: "name",
    label: "Name",
    width: 160,
    canSort: true,
    cell: (trace) => (
      <>
        {trace.pinned === true ? <PinnedMark /> : null}
        <a class="row-link" href={paths.trace(trace.id)}>
          {trace.name}
        </a>
      </>
    ),
  },
  {
    key: "status",
    label: "Status",
    width: 100,
    canSort: true,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    key: "input",
    label: "Input",
    width: 130,
    grow: true,
    cell: ({ inputPreview }) => <Preview text={inputPreview} />,
    value: ({ inputPreview }) => inputPreview,
  },
  {
    key: "output",
    label: "Output or error",
    width: 130,
    grow: true,
    cell: ({ outputPreview, errorPreview }) =>
      outputPreview === undefined && errorPreview !== undefined ? (
        <ErrorText text={errorPreview} />
      ) : (
        <Preview text={outputPreview} />
      ),
    value: ({ outputPreview, errorPreview }) => outputPreview ?? errorPreview,
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
    key: "totalTokens",
    label: "Tokens",
    width: 76,
    isNumber: true,
    canSort: true,
    cell: ({ usage }) => count(totalTokens(usage)),
    value: ({ usage }) => totalTokens(usage),
  },
  {
    key: "cost",
    label: "Cost",
    width: 96,
    isNumber: true,
    canSort: true,
    cell: ({ cost }) => (cost === undefined ? "" : formatCost(cost)),
  },
  {
    key: "feedback",
    label: "Feedback",
    width: 110,
    cell: ({ id }) => <FeedbackChips traceId={id} />,
    value: () => undefined,
  },
  { key: "tags", label: "Tags", width: 110, cell: ({ tags }) => <Tags tags={tags} /> },
  { key: "sessionId", label: "Session", width: 100, canSort: true, cell: sessionLink },
  ...MORE_COLUMNS.map((column) => ({ ...column, isHidden: true })),
];

function PinnedMark(): JSX.Element {
  return (
    <span title="Pinned: kept whatever its age">
      <Icon name="pin" />
      <span class="hidden-text">Pinned: </span>
    </span>
  );
}

function Preview({ text }: { text: string | undefined }): JSX.Element {
  return (
    <span class="preview" title={text}>
      {text === undefined ? null : readableText(text)}
    </span>
  );
}

function ErrorText({ text }: { text: string }): JSX.Element {
  return (
    <span class="preview tone-bad" title={text}>
      <Icon name="warning" /> {text}
    </span>
  );
}

function sessionLink({ sessionId }: Trace): JSX.Element | null {
  if (sessionId === undefined) return null;
  return (
    <a class="over-row" href={paths.session(sessionId)}>
      {sessionId}
    </a>
  );
}

function count(value: number | undefined): string {
  return value === undefined ? "" : formatCount(value);
}
