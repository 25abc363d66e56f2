import type { Database } from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "../connection-settings.ts";
import type { PostgresDialect } from "../dialect/postgres-dialect.ts";
import { createColumnCatalog } from "./column-types.ts";
import { type Connections, withConnection } from "./connection.ts";
import { openPool } from "./pool.ts";
import { withRetries } from "./retry.ts";
import { runTransaction } from "./transaction.ts";

/** A {@link Database} whose dialect can be changed once the content of the database is known. */
export interface PostgresDatabase extends Database {
  /** The same connections. */
  withDialect(dialect: PostgresDialect): PostgresDatabase;
}

/**
 * A pool of connections as the `Database` of the SQL store. Connections that broke are made anew, for as long
 * as `connectionTimeoutMs`; a transaction that was not committed is run again.
 */
export async function openPostgresDatabase(
  settings: ConnectionSettings,
  dialect: PostgresDialect,
): Promise<PostgresDatabase> {
  const pool = await openPool(settings);
  const name = { place: placeOf(settings), statementTimeoutMs: settings.statementTimeoutMs };
  const limits = { connectionMs: settings.connectionTimeoutMs };
  return databaseOf({ pool, name, dialect, catalog: createColumnCatalog() }, limits);
}

function databaseOf(
  connections: Connections,
  limits: { readonly connectionMs: number },
): PostgresDatabase {
  const { dialect, pool } = connections;
  const transaction: Database["transaction"] = (work) =>
    withRetries(limits, () => runTransaction(connections, { access: "write", work }));
  return {
    dialect,
    all: (sql, values) =>
      withRetries(limits, () => withConnection(connections, (own) => own.sql.all(sql, values))),
    // In a transaction of its own, so that its outcome is known if the connection breaks.
    run: (sql, values) => transaction((own) => own.run(sql, values)),
    insert: (into, rows) => transaction((own) => own.insert(into, rows)),
    transaction,
    snapshot: (work) =>
      withRetries(limits, () => runTransaction(connections, { access: "read", work })),
    // PostgreSQL reports damaged pages to the call that reads them; everything else is checked on the tables.
    findProblems: async () => [],
    tidy: async () => undefined,
    close: () => pool.end(),
    withDialect: (other) => databaseOf({ ...connections, dialect: other }, limits),
  };
}
