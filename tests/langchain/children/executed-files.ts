import { Session } from "node:inspector/promises";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { createRivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";

/** Prints the files of ours that one call of a model executes on this thread, as JSON. */
const rivulet = createRivulet({ store: process.argv[2] ?? "memory:" });
const model = new FakeListChatModel({ responses: ["Rome"] });
const callbacks = [new RivuletCallbackHandler(rivulet)];
await model.invoke("Where?", { callbacks });
await rivulet.flush();

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
await model.invoke("Where?", { callbacks });
const { result } = await session.post("Profiler.takePreciseCoverage");
const files = result
  .filter(({ url, functions }) => isOurs(url) && functions.some(isExecuted))
  .map(({ url }) => url.replace(/^.*\/packages\//, ""));
process.stdout.write(JSON.stringify(files.toSorted()));
session.disconnect();
await rivulet.close();

function isOurs(url: string): boolean {
  return /\/packages\/[\w-]+\/src\//.test(url);
}

function isExecuted({
  ranges,
}: {
  readonly ranges: readonly { readonly count: number }[];
}): boolean {
  return ranges.some(({ count }) => count > 0);
}
