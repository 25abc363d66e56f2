import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { startLoad } from "../load.ts";

const HOLDER = fileURLToPath(new URL("../hold-lock.ts", import.meta.url));

/** Megabytes the host thread holds. */
function heldMegabytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Another process holds the database's lock while this one goes on recording. */
export const measure: Measure = async ({ stallSeconds }) => {
  await using client = await openBenchClient();
  const { rivulet, file } = client;
  const load = startLoad(rivulet, 10_000);
  await wait(3_000);

  const holder = spawn(process.execPath, [HOLDER, file], { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  await wait(2_000);
  const before = heldMegabytes();
  await wait(stallSeconds * 1_000);
  const growth = heldMegabytes() - before;
  load.stop();
  holder.stdin.end();
  await once(holder, "exit");

  await rivulet.flush();
  const { journal } = await rivulet.stats();
  const stored = await countSpans(file);
  return [
    atMost(10, `stall: growth of the heap in ${stallSeconds} s at 10,000 spans/s`, {
      value: growth,
      unit: "MB",
    }),
    atMost(0, "stall: records dropped", { value: journal.dropped, unit: "spans" }),
    atMost(0, "stall: records lost or stored twice", {
      value: Math.abs(load.recorded() - stored),
      unit: "spans",
    }),
  ];
};

async function countSpans(file: string): Promise<number> {
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT count(*) AS spans FROM spans").get();
  return Number(row?.["spans"]);
}
