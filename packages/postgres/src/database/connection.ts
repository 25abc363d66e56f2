import type { Insert, Row, Sql, SqlValue } from "@rivulet/store/sql";
import type { Pool, PoolClient, QueryResult } from "pg";
import type { PostgresDialect } from "../dialect/postgres-dialect.ts";
import type { ColumnCatalog } from "./column-types.ts";
import { insertStatements } from "./insert.ts";
import { numberPlaceholders } from "./placeholders.ts";
import { type DatabaseName, interruptionOf, postgresError } from "./postgres-error.ts";
import { statementName } from "./statement-names.ts";
import { bindValue } from "./values.ts";

/** What connections have in common. */
export interface Connections {
  readonly pool: Pool;
  readonly dialect: PostgresDialect;
  readonly catalog: ColumnCatalog;
  /** For messages. */
  readonly name: DatabaseName;
}

/** One connection while it is in use. */
export interface Connection {
  readonly sql: Sql;
  /** Runs a statement without values. Returns the command tag of the server. */
  readonly command: (text: string) => Promise<string>;
  readonly name: DatabaseName;
}

/** Lends a connection. A broken one is not lent again. */
export async function withConnection<T>(
  connections: Connections,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const client = await lend(connections);
  let isBroken = false;
  const query: Query = async (statement) => {
    try {
      return await client.query<Row>(statement);
    } catch (cause) {
      const error = postgresError(cause, connections.name);
      isBroken ||= interruptionOf(error) === "connection";
      throw error;
    }
  };
  try {
    return await work({
      sql: sqlOf(connections, query),
      command: async (text) => (await query({ text })).command,
      name: connections.name,
    });
  } finally {
    client.release(isBroken);
  }
}

type Query = (statement: {
  readonly text: string;
  readonly values?: unknown[];
  /** The server keeps the prepared statement under this name. */
  readonly name?: string;
}) => Promise<QueryResult<Row>>;

async function lend({ pool, name }: Connections): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw postgresError(cause, name);
  }
}

function sqlOf({ dialect, catalog }: Connections, query: Query): Sql {
  const ask = (sql: string, values: readonly SqlValue[] = []): Promise<QueryResult<Row>> =>
    query({ text: numberPlaceholders(sql, values), values: values.map(bindValue) });
  const typesOf = async (into: Insert): ReturnType<ColumnCatalog["of"]> =>
    catalog.of(
      into.table,
      async (text, values) => (await query({ text, values: [...values] })).rows,
    );
  return {
    dialect,
    all: async (sql, values) => (await ask(sql, values)).rows,
    run: async (sql, values) => (await ask(sql, values)).rowCount ?? 0,
    async insert(into, rows) {
      let changed = 0;
      if (rows.length === 0) return changed;
      const own = withKeyAdditions(into, dialect.keyAdditions[into.table] ?? []);
      for (const { text, values } of insertStatements(own, rows, await typesOf(into))) {
        const lists = values.map((list) => list.map(bindValue));
        changed += (await query({ name: statementName(text), text, values: lists })).rowCount ?? 0;
      }
      return changed;
    },
  };
}

function withKeyAdditions(into: Insert, columns: readonly string[]): Insert {
  const { conflict } = into;
  if (conflict === undefined || conflict.key.length === 0 || columns.length === 0) return into;
  return { ...into, conflict: { ...conflict, key: [...conflict.key, ...columns] } };
}
