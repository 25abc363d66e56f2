import type { TraceTotals } from "@rivulet/core";
import type { Column } from "../../components/data-table.tsx";
import { Age } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { totalTokens } from "../traces/token-usage.ts";

/** Columns of what sums up the traces of a session or user. */
export function totalsColumns<Row extends TraceTotals>(): readonly Column<Row>[] {
  return [
    {
      key: "traceCount",
      label: "Traces",
      width: 72,
      isNumber: true,
      cell: ({ traceCount }) => formatCount(traceCount),
    },
    {
      key: "errorCount",
      label: "Errors",
      width: 72,
      isNumber: true,
      cell: ({ errorCount }) =>
        errorCount === 0 ? (
          <span class="muted">0</span>
        ) : (
          <span class="tone-bad">{formatCount(errorCount)}</span>
        ),
    },
    {
      key: "durationMs",
      label: "Mean latency",
      width: 100,
      isNumber: true,
      cell: ({ durationMs }) => (durationMs === undefined ? "" : formatDuration(durationMs.mean)),
    },
    {
      key: "tokens",
      label: "Tokens",
      width: 80,
      isNumber: true,
      cell: ({ usage }) => {
        const tokens = totalTokens(usage);
        return tokens === undefined ? "" : formatCount(tokens);
      },
    },
    {
      key: "cost",
      label: "Cost",
      width: 96,
      isNumber: true,
      cell: ({ cost }) => (cost === undefined ? "" : formatCost(cost)),
    },
    {
      key: "lastTraceTime",
      label: "Latest",
      width: 100,
      cell: ({ lastTraceTime }) => <Age time={lastTraceTime} />,
    },
  ];
}
