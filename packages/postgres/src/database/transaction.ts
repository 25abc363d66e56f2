import { RivuletError } from "@rivulet/domain";
import type { Sql } from "@rivulet/store/sql";
import { type Connection, type Connections, withConnection } from "./connection.ts";
import { interruptionOf } from "./postgres-error.ts";

/** Statements that begin a transaction, whatever the database's own defaults are. */
export const WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/** The rows of one moment. */
export const READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** A transaction and how it begins. */
export interface Transaction<T> {
  readonly begin: string;
  readonly work: (sql: Sql) => Promise<T>;
}

/**
 * Runs a transaction once.
 *
 * @throws RivuletError `store_unavailable` that is no interruption when the connection broke while COMMIT was
 * under way: then nobody knows whether it was done
 */
export function runTransaction<T>(
  connections: Connections,
  { begin, work }: Transaction<T>,
): Promise<T> {
  return withConnection(connections, async (connection) => {
    await connection.command(begin);
    const result = await undoing(connection, work);
    await commit(connection);
    return result;
  });
}

async function undoing<T>(
  { sql, command }: Connection,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  try {
    return await work(sql);
  } catch (error) {
    // Where the connection is gone the server undoes it by itself.
    if (interruptionOf(error) !== "connection") await command("ROLLBACK");
    throw error;
  }
}

async function commit({ command, name }: Connection): Promise<void> {
  let done: string;
  try {
    done = await command("COMMIT");
  } catch (error) {
    if (interruptionOf(error) !== "connection") throw error;
    throw new RivuletError(
      "store_unavailable",
      `The connection to PostgreSQL at ${name.place} broke while a change was being committed. It is not known whether the change was made: look before you make it again.`,
      { cause: error, details: { outcome: "unknown" } },
    );
  }
  // After a statement that failed, COMMIT undoes everything and reports no error.
  if (done === "COMMIT") return;
  throw new RivuletError("internal", "A failed statement was passed over: nothing was committed.");
}
