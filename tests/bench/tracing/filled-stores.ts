import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { openPostgres } from "@rivulet/postgres";
import { ask } from "../../postgres/ask.ts";
import { makeServer } from "../../postgres/embedded-server.ts";
import { type Filling, fillDays, POSTGRES, SQLITE } from "./fill-days.ts";

/** Measures something in a store. */
export type InStore<T> = (rivulet: Rivulet) => Promise<T>;

/** Opens a store twice: to make its tables, and once it is filled. */
interface Place {
  open(): Promise<Rivulet>;
  run(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly fill: readonly string[];
}

/** Measures in a SQLite store with these traces, once they are summed up. */
export async function inSqlite<T>(filling: Filling, measure: InStore<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
  const file = join(folder, "bench.db");
  const run = async (statement: string) => {
    using database = new DatabaseSync(file, { timeout: 10_000 });
    return database.prepare(statement).all();
  };
  const fill = [
    ...fillDays(filling, SQLITE),
    "PRAGMA analysis_limit = 400",
    "PRAGMA optimize = 0x10002",
  ];
  try {
    return await inPlace(
      { open: async () => createRivulet({ store: `sqlite:${file}` }), run, fill },
      measure,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same in PostgreSQL, on a server of its own that shares this machine's cores. */
export async function inPostgres<T>(filling: Filling, measure: InStore<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
  const server = await makeServer(await mkdtemp(join(tmpdir(), "rivulet-postgres-")), {
    durable: true,
  });
  const store = new URL(server.url);
  store.searchParams.set("schema", "bench");
  const direct = new URL(server.url);
  direct.searchParams.set("options", "-c search_path=bench");
  const fill = [...fillDays(filling, POSTGRES), "ANALYZE"];
  const open = async (): Promise<Rivulet> =>
    createRivulet({ store: await openPostgres(store.href, { spool: join(folder, "spool") }) });
  try {
    return await inPlace({ open, run: (statement) => ask(direct.href, statement), fill }, measure);
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inPlace<T>({ open, run, fill }: Place, measure: InStore<T>): Promise<T> {
  const empty = await open();
  await empty.flush();
  await empty.close();
  for (const statement of fill) await run(statement);
  await using rivulet = await open();
  await rivulet.flush();
  // Work that lags behind the rows begins by itself.
  while ((await run("SELECT 1 AS stale FROM stale_rollups LIMIT 1")).length > 0) await pause(100);
  return await measure(rivulet);
}
