import { join } from "node:path";
import type { FileUploads } from "@rivulet/store/sql";
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

/** A backend over a database of its own. */
export async function aBackend(): Promise<Backend> {
  return backendOver(await aDatabase());
}

type Options = Parameters<typeof sqlBackend>[1];

const noFiles = async (): Promise<never> => {
  throw new Error("There are no files here.");
};

/** A backend without files. */
export function backendOver(database: Database, options: Partial<Options> = {}): Backend {
  const storage = {
    write: noFiles,
    read: noFiles,
    readPart: noFiles,
    uploads: noUploads,
    list: noFiles,
    hold: noFiles,
    remove: noFiles,
    removeTemporary: noFiles,
  };
  return sqlBackend(database, { storage, role: "reader", backup: noFiles, ...options });
}

/** The backends of several engines over one file; each is named by its origin. */
export async function backendsOf(...origins: readonly string[]): Promise<readonly Backend[]> {
  const path = join(await aFolder(), "rivulet.db");
  const backends: Backend[] = [];
  for (const origin of origins) backends.push(backendOver(await aDatabase(path), { origin }));
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

/** For a storage that nobody writes a file to in parts. */
export const noUploads: FileUploads = {
  begin: async () => "",
  append: async () => undefined,
  finish: async () => undefined,
  abandon: async () => undefined,
};
