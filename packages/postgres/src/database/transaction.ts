import { RivuletError } from "@rivulet/domain";
import type { Sql } from "@rivulet/store/sql";
import { type Connection, type Connections, withConnection } from "./connection.ts";
import { interruptionOf } from "./postgres-error.ts";

/** How a transaction begins, whatever isolation the database is set to. Where it is set to be read-only, it is. */
const BEGIN = {
  write: "BEGIN ISOLATION LEVEL READ COMMITTED",
  /** Reads that all see the same moment. */
  read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
} as const;

/** What a transaction is for, and its work. */
export interface Transaction<T> {
  readonly access: keyof typeof BEGIN;
  readonly work: (sql: Sql) => Promise<T>;
}

/**
 * Runs a transaction once.
 *
 * @throws RivuletError `store_unavailable` that is no interruption when the connection broke while the COMMIT of
 * a change was under way: then nobody knows whether it was done
 */
export function runTransaction<T>(
  connections: Connections,
  { access, work }: Transaction<T>,
): Promise<T> {
  return withConnection(connections, async (connection) => {
    await connection.command(BEGIN[access]);
    const result = await undoing(connection, work);
    if (access === "write") await commit(connection);
    else await connection.command("COMMIT");
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
    // If the connection is lost, the server rolls back by itself.
    if (interruptionOf(error) !== "connection") await command("ROLLBACK");
    throw error;
  }
}

async function commit({ command, name }: Connection): Promise<void> {
  let done: string;
  try {
    done = await command("COMMIT");
  } catch (error) {
    if (interruptionOf(error) !== "connection" || wasNotSent(error)) throw error;
    throw new RivuletError(
      "store_unavailable",
      `The connection to PostgreSQL at ${name.place} broke while a change was being committed. Its outcome is unknown: check before you repeat it.`,
      { cause: error, details: { outcome: "unknown" } },
    );
  }
  // After a failed statement, COMMIT rolls everything back without an error.
  if (done === "COMMIT") return;
  throw new RivuletError("internal", "A failed statement was ignored: nothing was committed.");
}

/** `pg` sends nothing more once it has noticed that the connection is lost. */
function wasNotSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message.endsWith("is not queryable");
}
