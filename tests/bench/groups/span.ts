import { setTimeout as wait } from "node:timers/promises";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { type Contender, measureRounds } from "../rounds.ts";
import { attributes, recordSpan, sampleRecord } from "../sample-span.ts";

/** Pieces of work per millisecond. */
const RATE = 10;

/** Does `work` at a steady rate, as an app does whose time goes to something else. */
function paced(work: (index: number) => number): Contender["work"] {
  return async (count) => {
    const start = performance.now();
    let done = 0;
    let sum = 0;
    while (done < count) {
      const due = Math.min(count, Math.floor((performance.now() - start) * RATE));
      while (done < due) sum += work(done++);
      await wait(1);
    }
    // Adding up what the work returns keeps it from being optimised away.
    if (sum < 0) throw new Error("The work was not done.");
  };
}

/** What a span costs the thread that records 10,000 of them a second, beside what serialising it costs. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const records = Array.from({ length: 64 }, (_, seed) => sampleRecord(seed));
  const parent = rivulet.startSpan("request");
  const record = (index: number): number => {
    recordSpan(rivulet, index, parent);
    return index;
  };
  const cpu = await measureRounds(
    {
      idle: { work: paced((index) => index) },
      stringify: { work: paced((index) => JSON.stringify(records[index % 64]).length) },
      build: { work: paced((index) => Object.keys(attributes(index)).length) },
      record: { work: paced(record), settle: () => rivulet.flush() },
    },
    { rounds: 9, count: 8_000, warmUp: 30_000 },
  );
  parent.end();
  const serialised = cpu.stringify - cpu.idle;
  const recorded = cpu.record - cpu.build;
  return [
    atMost(3, "span: CPU of recording / JSON.stringify", {
      value: recorded / serialised,
      unit: "x",
      detail: `${recorded.toFixed(1)} µs / ${serialised.toFixed(1)} µs`,
    }),
  ];
};
