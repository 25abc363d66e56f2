import { workerData } from "node:worker_threads";
import { createRivulet } from "@rivulet/core";

/** Goes on with the trace that its environment, or the data of a worker, names. */
const carrier: object = workerData ?? process.env;
const rivulet = createRivulet({ store: process.argv[2] ?? "memory:" });
await rivulet.continueTrace(carrier, "callee", () => rivulet.withSpan("work", async () => "done"));
await rivulet.close();
