// Writes to a store without end: versions of one prompt, traces of many spans, metrics, artifacts that replace each
// other. Prints a line when it has begun.
import { createRivulet } from "@rivulet/core";

const [url = "", name = ""] = process.argv.slice(2);
const rivulet = createRivulet({ store: url });
const run = await rivulet.runs.start({ name });
const traced = rivulet.traced(async (depth: number): Promise<number> => {
  return depth === 0 ? 0 : 1 + (await traced(depth - 1));
});

for (let count = 0; ; count += 1) {
  await rivulet.prompts.register({ name: "shared", template: `${name} ${count}` });
  await traced(3);
  run.logMetric("loss", 1 / (count + 1), { step: count });
  await run.logArtifact(`file-${count % 3}`, `${name} ${count} `.repeat(1 + (count % 50)));
  if (count === 2) process.stdout.write("begun\n");
}
