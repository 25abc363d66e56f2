// Writes to a store, one verb after the other, until standard input ends or it has written so often. Says what was
// acknowledged, a JSON line each.
import "@rivulet/postgres";
import { writeSync } from "node:fs";
import { createRivulet } from "@rivulet/core";
import { act, VERBS } from "./verbs.ts";

const [url = "", name = "", writes = "Infinity"] = process.argv.slice(2);
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const rivulet = createRivulet({
  store: url,
  onError: (error) => say({ error: error.message }),
});
let isOver = false;
process.stdin.on("end", () => {
  isOver = true;
});
process.stdin.resume();

for (let count = 0; !isOver && count < Number(writes); count += 1) {
  const verb = VERBS[count % VERBS.length] ?? "run";
  const acknowledged = await act(rivulet, verb, `${name}.${count}`);
  if (acknowledged !== undefined) say(acknowledged);
}
process.stdin.destroy();
await rivulet.close();
