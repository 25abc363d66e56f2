import type { Persistence } from "../json/json-persistence.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { sqlStore } from "../sql/sql-store.ts";
import { text } from "../sql/values.ts";
import type { IntegrityReport } from "../store.ts";
import type { Intake } from "./intake.ts";
import { remoteMethods } from "./remote-entities.ts";

/** Name → what a host can call: the store's entities, and what the worker itself does. */
export type Methods = ReadonlyMap<string, Method>;

type Method = (argument: unknown) => Promise<unknown>;

interface WorkerParts {
  readonly sql: SqlConnection;
  readonly enqueue: <T>(work: () => Promise<T>) => Promise<T>;
  readonly intake?: Intake;
  readonly persistence?: Persistence;
}

/** Quiet time after which the write-ahead log is folded into the database. */
const CHECKPOINT_AFTER_MS = 2000;

/** Everything a worker answers. */
export function methodsOf(parts: WorkerParts): Methods {
  const { sql, intake, persistence } = parts;
  return new Map<string, Method>([
    ...entityMethods(parts),
    ["open", async () => undefined],
    ["drain", async () => intake?.drain()],
    ["dataVersion", async () => (await sql.all("PRAGMA data_version"))[0]],
    ["checkIntegrity", () => checkIntegrity(sql)],
    [
      "close",
      async () => {
        await intake?.drain();
        intake?.stop();
        await persistence?.close();
        await sql.close();
      },
    ],
  ]);
}

function entityMethods({ sql, enqueue, persistence }: WorkerParts): [string, Method][] {
  const stores = sqlStore(sql);
  const afterWrite = (): void => {
    persistence?.changed();
    foldLog(sql, enqueue);
  };
  return remoteMethods.map(({ entity, method, access }) => {
    const call = (stores[entity] as unknown as Readonly<Record<string, Method>>)[method];
    return [`${entity}.${method}`, followedBy(call, access === "write" ? afterWrite : undefined)];
  });
}

function followedBy(call: Method | undefined, after: (() => void) | undefined): Method {
  return async (argument) => {
    const value = await call?.(argument);
    after?.();
    return value;
  };
}

let folding: NodeJS.Timeout | undefined;

function foldLog(sql: SqlConnection, enqueue: WorkerParts["enqueue"]): void {
  folding ??= setTimeout(() => {
    folding = undefined;
    // When the log is in use elsewhere it is folded another time.
    enqueue(() => sql.all("PRAGMA wal_checkpoint(TRUNCATE)")).catch(() => undefined);
  }, CHECKPOINT_AFTER_MS).unref();
}

async function checkIntegrity(sql: SqlConnection): Promise<IntegrityReport> {
  const rows = await sql.all("PRAGMA integrity_check");
  const problems = rows.map((row) => text(row, "integrity_check")).filter((line) => line !== "ok");
  return { ok: problems.length === 0, problems };
}
