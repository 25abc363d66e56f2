// Starts a run, logs a point, says its id, and then ends in the way it is told.
import { createRivulet } from "@rivulet/core";

const [url = "", ending = "wait", spool] = process.argv.slice(2);
const rivulet = createRivulet({ store: url, ...(spool === undefined ? {} : { spool }) });
const run = await rivulet.runs.start({ name: ending, owned: ending !== "not-owned" });
run.logMetric("loss", 0.5, { step: 1 });
await rivulet.flush();
process.stdout.write(`${run.id}\n`);

const endings: Readonly<Record<string, () => unknown>> = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("out of memory");
  },
  close: () => rivulet.close(),
  finish: () => run.finish(),
  "not-owned": () => process.exit(0),
  // Waits until it is killed; what it hears on standard input it logs as another point.
  wait: () => process.stdin.on("data", () => run.logMetric("loss", 0.25, { step: 2 })),
};
await endings[ending]?.();
