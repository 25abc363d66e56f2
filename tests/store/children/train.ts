// Creates a run and logs a point of a metric each 100 ms, without ever yielding to the event loop.
import { openStore } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";

const store = await openStore(process.argv[2] ?? "");
await store.runs.create(aRun());
process.stdout.write("training\n");
await new Promise((resolve) => setTimeout(resolve, 10));
for (let step = 0; ; step++) {
  const points = [{ key: "loss", value: 1 / (step + 1), step, timestamp: step }];
  store.journal.appendMetrics({ runId: aRun().id, points });
  for (const end = performance.now() + 100; performance.now() < end; );
}
