// Makes runs, each with a param and a metric that all have and with some of its own, and logs to them. Prints "ok".
import { openStore } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";

const [url = "", prefix = "", count = "0"] = process.argv.slice(2);
const store = await openStore(url);
for (let index = 0; index < Number(count); index += 1) {
  const id = hexId(index + 1 + (prefix === "a" ? 0 : 1_000));
  const name = `${prefix}${index}`;
  await store.runs.create(
    aRun({ id, name, params: { shared: name }, metrics: { shared: 1, [name]: 1 } }),
  );
  const metrics = [{ key: "shared", value: 2, step: 1, timestamp: index }];
  await store.runs.logBatch({ runId: id, params: { [name]: "own" }, metrics });
}
await store.close();
process.stdout.write("ok\n");
