import { DatabaseSync } from "node:sqlite";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openStore } from "@rivulet/core";
import { aSpan, aRun, hexId } from "@rivulet/core/testing";
const store0 = await openStore("memory:");
await store0.experiments.get("0");
// schema text
const { TABLES } = await import("../packages/store/src/sql/schema.ts");
const { sqliteDialect } = await import("../packages/store/src/drivers/sqlite/sqlite-dialect.ts");
const statements = TABLES.flatMap((t: any) => sqliteDialect.createTable(t));
const median = (xs: number[]) => xs.toSorted((a, b) => a - b)[Math.floor(xs.length / 2)];
const bare: number[] = [], ours: number[] = [], oursOpen: number[]=[];
for (let i = 0; i < 60; i++) {
  let t = performance.now();
  const d = new DatabaseSync(":memory:");
  d.exec("BEGIN IMMEDIATE");
  for (const s of statements) d.exec(s);
  d.exec("COMMIT");
  d.prepare("SELECT * FROM experiments").all();
  bare.push(performance.now() - t);
  d.close();
  t = performance.now();
  const s = await openStore("memory:");
  const o = performance.now() - t;
  await s.experiments.get("0");
  ours.push(performance.now() - t); oursOpen.push(o);
  await s.close();
}
console.log("bare", median(bare), "open", median(oursOpen), "open+answer", median(ours), "ratio", median(ours)! / median(bare)!);
const h = monitorEventLoopDelay({ resolution: 1 });
const input = "x ".repeat(500);
const t0 = performance.now();
for (let b = 0; b < 20; b++) {
  for (let i = 1; i <= 500; i++) store0.journal.appendSpan(aSpan({ traceId: hexId(b * 500 + i), id: hexId(b * 500 + i, 16), input, usage: {totalTokens: 1} }));
  await new Promise((r) => setImmediate(r));
}
h.enable();
let worst = 0, last = performance.now(), over5 = 0, n = 0; let on = true;
const tick = () => { const now = performance.now(); const d = now - last; n++; if (d > worst) worst = d; if (d > 5) over5++; last = now; if (on) setImmediate(tick); };
setImmediate(tick);
await store0.journal.flush();
on = false; h.disable();
console.log("10000 spans taken in", (performance.now() - t0).toFixed(0), "worst turn", worst.toFixed(1), "turns>5ms", over5, "of", n, "p99 delay", (h.percentile(99) / 1e6).toFixed(1));
console.log(store0.journal.stats());
await store0.close();
