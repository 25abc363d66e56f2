import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { openPostgres } from "@rivulet/postgres";
import { makeServer } from "../../postgres/embedded-server.ts";
import { atLeast } from "../figure.ts";
import type { Measure } from "../group.ts";
import { ingest, STEP } from "../ingest-spans.ts";

/** Enough for checkpoints of the server to be in it. */
const MOST_SPANS = 300_000;

async function openClient(url: string, folder: string): Promise<Rivulet> {
  const store = await openPostgres(url, { spool: join(folder, "spool") });
  return createRivulet({ store });
}

/** Durable ingest into a PostgreSQL server on this machine, which shares its cores; commits wait for the disk. */
export const measure: Measure = async ({ spans }) => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
  const server = await makeServer(await mkdtemp(join(tmpdir(), "rivulet-postgres-")), {
    durable: true,
  });
  try {
    await using rivulet = await openClient(server.url, folder);
    await ingest(rivulet, 2 * STEP);
    const start = performance.now();
    const times = await ingest(rivulet, Math.min(spans, MOST_SPANS));
    const count = times.length * STEP;
    const seconds = ((times.at(-1) ?? start) - start) / 1_000;
    return [
      atLeast(10_000, `postgres: ${count} spans`, { value: count / seconds, unit: "spans/s" }),
    ];
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
};
