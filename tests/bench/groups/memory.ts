import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createRivulet } from "@rivulet/core";
import { atMost, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { ingest, STEP } from "../ingest-spans.ts";
import { median } from "../rounds.ts";

const ROUNDS = 15;
const SPANS = 10 * STEP;

/** Milliseconds from the call to the first answer of a store in memory. */
async function openAndAsk(): Promise<number> {
  const start = performance.now();
  const rivulet = createRivulet({ store: "memory:" });
  await rivulet.experiments.get("0");
  const elapsed = performance.now() - start;
  await rivulet.close();
  return elapsed;
}

/** The statements that make the tables and indexes of a store. */
async function readSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
  const file = join(folder, "schema.db");
  const rivulet = createRivulet({ store: `sqlite:${file}` });
  await rivulet.flush();
  await rivulet.close();
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").all();
  await rm(folder, { recursive: true });
  return rows.map((row) => `${row["sql"]};`).join("\n");
}

/** Milliseconds that bare SQLite takes for the same tables and a first answer. */
function makeTables(schema: string): number {
  const start = performance.now();
  using database = new DatabaseSync(":memory:");
  database.exec(schema);
  database.prepare("SELECT * FROM experiments").all();
  return performance.now() - start;
}

/** Spans per second into a store in memory, in the thread that records them. */
async function ingestRate(): Promise<number> {
  await using rivulet = createRivulet({ store: "memory:" });
  const start = performance.now();
  await ingest(rivulet, SPANS);
  return (SPANS * 1_000) / (performance.now() - start);
}

/** What a store in memory costs, which tests open by the hundred. */
export const measure: Measure = async () => {
  const schema = await readSchema();
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(makeTables(schema));
    ours.push(await openAndAsk());
  }
  return [
    atMost(3, "memory: opening and first answer / bare SQLite with the same tables", {
      value: median(ours) / median(bare),
      unit: "x",
      detail: `${median(ours).toFixed(2)} ms / ${median(bare).toFixed(2)} ms`,
    }),
    shown(`memory: ${SPANS} spans, in the thread that records them`, {
      value: await ingestRate(),
      unit: "spans/s",
    }),
  ];
};
