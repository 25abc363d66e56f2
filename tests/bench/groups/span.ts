import { setImmediate } from "node:timers/promises";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { type Contender, measureRounds } from "../rounds.ts";
import { attributes, recordSpan, sampleRecord } from "../sample-span.ts";

/** Spans between two turns of the event loop. */
const PER_TICK = 20;

/** Does `work` for each index, and adds what it returns, so that nothing is optimised away. */
function inTicks(work: (index: number) => number): Contender["work"] {
  return async (count) => {
    let sum = 0;
    for (let done = 0; done < count; done += PER_TICK) {
      for (let index = done; index < done + PER_TICK; index++) sum += work(index);
      await setImmediate();
    }
    if (sum < 0) throw new Error("The work was not done.");
  };
}

/** What a span costs the thread that records it, beside what serialising it costs. */
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
      loop: { work: inTicks((index) => index) },
      stringify: { work: inTicks((index) => JSON.stringify(records[index % 64]).length) },
      build: { work: inTicks((index) => Object.keys(attributes(index)).length) },
      record: { work: inTicks(record), settle: () => rivulet.flush() },
    },
    { rounds: 15, count: 4_000, warmUp: 20_000 },
  );
  parent.end();
  const serialised = cpu.stringify - cpu.loop;
  const recorded = cpu.record - cpu.build;
  return [
    atMost(2.5, "span: CPU of recording / JSON.stringify", {
      value: recorded / serialised,
      unit: "x",
      detail: `${recorded.toFixed(1)} µs / ${serialised.toFixed(1)} µs`,
    }),
  ];
};
