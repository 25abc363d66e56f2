import { RivuletError } from "@rivulet/domain";
import type { Sql } from "./database.ts";

/**
 * Runs a part of a transaction that the database may refuse: then that part is undone, the transaction goes on,
 * and `refused` says what to do.
 *
 * @throws RivuletError when the reason is not in the statements: then the whole transaction is over
 */
export async function attempt<T>(
  sql: Sql,
  work: () => Promise<T>,
  refused: (error: unknown) => Promise<T>,
): Promise<T> {
  await sql.run("SAVEPOINT attempt");
  try {
    const result = await work();
    await sql.run("RELEASE SAVEPOINT attempt");
    return result;
  } catch (error) {
    if (error instanceof RivuletError) throw error;
    await sql.run("ROLLBACK TO SAVEPOINT attempt");
    await sql.run("RELEASE SAVEPOINT attempt");
    return refused(error);
  }
}
