import type { FileStore } from "../port/files.ts";
import type { EntityStores, IntegrityReport } from "../port/store.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { text } from "../sql/values.ts";
import { operations } from "./operations.ts";

/** What a host can call. The argument is absent where the method has none. */
export type Method = (argument: unknown) => Promise<unknown>;

/** Name → method. */
export type Methods = ReadonlyMap<string, Method>;

/** What happens around the calls of an entity. */
export interface Brackets {
  readonly read: (work: () => Promise<unknown>) => Promise<unknown>;
  readonly write: (work: () => Promise<unknown>) => Promise<unknown>;
}

/** Every operation of the port, named `entity.method`. */
export function entityMethods(stores: EntityStores, brackets: Brackets): [string, Method][] {
  return Object.entries(operations).flatMap(([entity, methods]) => {
    const store = stores[entity as keyof EntityStores] as unknown as Readonly<
      Record<string, Method>
    >;
    return Object.entries(methods).map(([method, { access }]): [string, Method] => [
      `${entity}.${method}`,
      (argument) => brackets[access](async () => store[method]?.(argument)),
    ]);
  });
}

/** What a worker answers about files. */
export function fileMethods(files: FileStore): [string, Method][] {
  return [
    ["files.write", (file) => files.write(file as Parameters<FileStore["write"]>[0])],
    ["files.read", (id) => files.read(String(id))],
    ["files.delete", (ids) => files.delete(ids as readonly string[])],
    ["files.list", (query) => files.list(query as Parameters<FileStore["list"]>[0])],
  ];
}

/** What a worker answers besides the port. */
export function databaseMethods(sql: SqlConnection): [string, Method][] {
  return [
    ["dataVersion", async () => (await sql.all("PRAGMA data_version"))[0]?.["data_version"]],
    ["checkIntegrity", () => checkIntegrity(sql)],
  ];
}

/** Has SQLite look at every page and index. */
async function checkIntegrity(sql: SqlConnection): Promise<IntegrityReport> {
  const rows = await sql.all("PRAGMA integrity_check");
  const problems = rows.map((row) => text(row, "integrity_check")).filter((line) => line !== "ok");
  return { ok: problems.length === 0, problems };
}
