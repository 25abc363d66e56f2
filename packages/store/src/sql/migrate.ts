import { RivuletError } from "@rivulet/domain";
import { type Migration, migrations } from "./schema.ts";
import type { SqlConnection } from "./sql-connection.ts";
import { number } from "./values.ts";

/**
 * Brings the database to the newest schema. The version is read again inside the writing transaction, so
 * that several processes may start at once.
 *
 * @throws RivuletError `store_too_new`, or `store_corrupt` when the database holds other tables than ours.
 */
export async function migrate(
  sql: SqlConnection,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const newest = steps.at(-1)?.version ?? 0;
  if ((await readVersion(sql, newest)) === newest) return;
  await sql.transaction(async () => {
    const version = await readVersion(sql, newest);
    if (version === 0) {
      await sql.script(
        "CREATE TABLE rivulet_schema (version INTEGER PRIMARY KEY, applied_us INTEGER NOT NULL)",
      );
    }
    for (const step of steps.filter((candidate) => candidate.version > version)) {
      await sql.script(step.sql);
      await sql.run("INSERT INTO rivulet_schema VALUES (?, 0)", [step.version]);
    }
  });
}

/** The schema version of the database; 0 when it is empty. Throws when it cannot be ours. */
export async function readVersion(sql: SqlConnection, newest: number): Promise<number> {
  const tables = await sql.all("SELECT name FROM sqlite_master WHERE type = 'table'");
  if (tables.length === 0) return 0;
  if (!tables.some((row) => row["name"] === "rivulet_schema")) {
    throw new RivuletError(
      "store_corrupt",
      "The database holds tables of another program. Choose another path; it is left as it is.",
    );
  }
  const [row = {}] = await sql.all("SELECT MAX(version) AS version FROM rivulet_schema");
  const version = number(row, "version");
  if (version <= newest) return version;
  throw new RivuletError(
    "store_too_new",
    `The store has schema ${version}, this Rivulet knows up to ${newest}. Update @rivulet/core.`,
    { details: { version, newest } },
  );
}

/** The newest schema version. */
export const SCHEMA_VERSION: number = migrations.at(-1)?.version ?? 0;
