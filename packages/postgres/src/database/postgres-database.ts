import type { Database, Dialect } from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "../connection-settings.ts";
import { createColumnCatalog } from "./column-types.ts";
import { type Connections, withConnection } from "./connection.ts";
import { untilDone } from "./patience.ts";
import { openPool } from "./pool.ts";
import { READING, runTransaction, WRITING } from "./transaction.ts";

/** What {@link openPostgresDatabase} works with. */
export interface DatabaseParts {
  readonly settings: ConnectionSettings;
  readonly dialect: Dialect;
}

/**
 * A pool of connections as the `Database` of the SQL store. Connections that broke are made anew, for as long
 * as `connectionTimeoutMs`; a transaction that was not committed is run again.
 */
export async function openPostgresDatabase({ settings, dialect }: DatabaseParts): Promise<Database> {
  const connections: Connections = {
    pool: await openPool(settings),
    dialect,
    catalog: createColumnCatalog(),
    name: { place: placeOf(settings), statementTimeoutMs: settings.statementTimeoutMs },
  };
  const patience = { connectionMs: settings.connectionTimeoutMs };
  const transaction: Database["transaction"] = (work) =>
    untilDone(patience, () => runTransaction(connections, { begin: WRITING, work }));
  return {
    dialect,
    all: (sql, values) =>
      untilDone(patience, () => withConnection(connections, (own) => own.sql.all(sql, values))),
    // Its own transaction, so that it is known whether it was done when the connection breaks.
    run: (sql, values) => transaction((own) => own.run(sql, values)),
    insert: (into, rows) => transaction((own) => own.insert(into, rows)),
    transaction,
    snapshot: (work) =>
      untilDone(patience, () => runTransaction(connections, { begin: READING, work })),
    findProblems: async () => [],
    tidy: async () => undefined,
    close: () => connections.pool.end(),
  };
}
