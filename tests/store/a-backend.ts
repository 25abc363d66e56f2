import { join } from "node:path";
import { createFileMap } from "@rivulet/store/file-map";
import { type Database, migrate, sqlBackend } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { onTestFinished } from "vitest";
import { aFolder } from "./folder.ts";

/** What the engine asks of a database. */
export type Backend = ReturnType<typeof sqlBackend>;

/** A database in memory with our tables, closed after the test. */
export async function aDatabase(path = ":memory:"): Promise<Database> {
  const database = openSqlite(path);
  onTestFinished(() => database.close());
  await migrate(database);
  return database;
}

/** A backend over a database, with files in memory. */
export function backendOn(database: Database, origin?: string): Backend {
  return sqlBackend(database, {
    storage: createFileMap(),
    role: "reader",
    backup: async () => {
      throw new Error("no backup is asked for");
    },
    ...(origin === undefined ? {} : { origin }),
  });
}

/** A backend over a database of its own. */
export async function aBackend(): Promise<Backend> {
  return backendOn(await aDatabase());
}

/** The backends of several engines over one file; each is named by its origin. */
export async function backendsOf(...origins: readonly string[]): Promise<readonly Backend[]> {
  const path = join(await aFolder(), "rivulet.db");
  const backends: Backend[] = [];
  for (const origin of origins) backends.push(backendOn(await aDatabase(path), origin));
  return backends;
}

type Records = Parameters<Backend["take"]>[0]["records"];
type SpanRecord = Extract<Records[number], { readonly kind: "span" }>["span"];

/** Takes spans as one batch. */
export async function take(backend: Backend, ...spans: readonly SpanRecord[]): Promise<void> {
  const { refused } = await backend.take({
    records: spans.map((span) => ({ kind: "span", span })),
    owner: "",
  });
  const [first] = refused;
  if (first !== undefined) throw first;
}
