// Asks a model server to score rows, one after the other, in a process of its own: what it costs to ask is not the
// server's. Answers each Asking with the number of answers that were not right.

import { type Asking, ROW } from "./score-row.ts";

const body = JSON.stringify({ inputs: [ROW] });
const expected = JSON.stringify({ predictions: [ROW.reduce((sum, value) => sum + value, 0)] });

process.on("message", async ({ url, count }: Asking) => {
  let wrong = 0;
  for (let asked = 0; asked < count; asked += 1) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body });
    const text = await response.text();
    if (text !== expected) wrong += 1;
  }
  process.send?.(wrong);
});
process.on("disconnect", () => process.exit());
