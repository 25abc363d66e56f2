// Uploads artifacts to a run, some of them with content that others upload too, and replaces them. Prints what is
// safe. With a third argument it stands still, or ends, between the file and the record of the first one.
import { createRivulet, openStore } from "@rivulet/core";

const [url = "", runId = "", fate = ""] = process.argv.slice(2);
const store = await openStore(url);
let isFirst = true;
const { artifacts } = store;
const rivulet = createRivulet({
  store: {
    ...store,
    artifacts: {
      ...artifacts,
      async put(artifact) {
        if (fate !== "") await meet(fate);
        return artifacts.put(artifact);
      },
    },
  },
});

for (let count = 0; ; count += 1) {
  const path = `file-${count % 5}`;
  const content = `content ${count % 7}`;
  await rivulet.artifacts.put({ runId, path, content });
  process.stdout.write(`${path} ${content}\n`);
  if (fate !== "") break;
}
await rivulet.close();

async function meet(signal: string): Promise<void> {
  if (!isFirst) return;
  isFirst = false;
  process.stdout.write("written\n");
  // The pipe is written to at once; what follows is for the signal to arrive.
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
