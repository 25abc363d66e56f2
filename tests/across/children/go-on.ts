import { workerData } from "node:worker_threads";
import { createRivulet } from "@rivulet/core";

/** Goes on with the trace that its environment, or the data of a worker, names. */
const carrier: object = workerData ?? process.env;
const rivulet = createRivulet({ store: process.argv[2] ?? "memory:" });
await rivulet.continueTrace(carrier, "callee", async () => {
  await rivulet.withSpan("work", async () => "done");
  const prompt = process.env["PROMPT"];
  if (prompt !== undefined) process.stdout.write(`${(await rivulet.prompts.get(prompt)).version}`);
});
await rivulet.close();
