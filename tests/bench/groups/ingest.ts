import { catchUpRate } from "../catch-up.ts";
import { openBenchClient } from "../client.ts";
import { atLeast } from "../figure.ts";
import type { Measure } from "../group.ts";
import { ingest, ratesOf, SPANS_PER_TRACE, STEP } from "../ingest-spans.ts";
import { median } from "../rounds.ts";

/** Durable ingest: from the call to rows that can be read. */
export const measure: Measure = async ({ spans }) => {
  await using client = await openBenchClient();
  await ingest(client.rivulet, 2 * STEP);
  const start = performance.now();
  const times = await ingest(client.rivulet, spans);
  const rates = ratesOf([start, ...times]);
  const [first = 0] = rates;
  const last = rates.at(-1) ?? 0;
  const indexed = SPANS_PER_TRACE * (await catchUpRate(client.file));
  return [
    atLeast(40_000, `ingest: ${spans} spans, median of ${rates.length} parts`, {
      value: median(rates),
      unit: "spans/s",
    }),
    atLeast(0.8, "ingest: rate of the last part against the first", {
      value: last / first,
      unit: "x",
      detail: `${last.toFixed(0)} / ${first.toFixed(0)} spans/s`,
    }),
    atLeast(20_000, "ingest: words indexed when the load has fallen", {
      value: indexed,
      unit: "spans/s",
    }),
  ];
};
