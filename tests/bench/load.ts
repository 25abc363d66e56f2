import type { Rivulet } from "@rivulet/core";
import { recordSpan } from "./sample-span.ts";

/** A host that records at a steady rate. */
export interface Load {
  recorded(): number;
  stop(): void;
}

/** Records `rate` spans a second, ten to a trace, from a timer that also runs when `rate` is 0. */
export function startLoad(rivulet: Rivulet, rate: number): Load {
  const start = performance.now();
  let recorded = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1_000) * rate);
    while (recorded + 10 <= due) {
      const root = rivulet.startSpan("request", { parent: null });
      for (let child = 1; child < 10; child++) recordSpan(rivulet, recorded + child, root);
      root.end();
      recorded += 10;
    }
  }, 1);
  return {
    recorded: () => recorded,
    stop: () => clearInterval(timer),
  };
}
