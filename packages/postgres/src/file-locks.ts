import { createHash } from "node:crypto";
import type { FileStorage, Sql } from "@rivulet/store/sql";

/**
 * A storage outside of the database, whose files one transaction at a time may hold: what is to be removed is not being
 * referred to by another process meanwhile.
 */
export function lockedStorage(storage: FileStorage): FileStorage {
  return {
    ...storage,
    async hold(sql, query) {
      await lockFiles(sql, query.ids);
      return storage.hold(sql, query);
    },
  };
}

/** Files share so many locks. */
const LOCKS = 1024;
/** The row with this id is the migrations'. */
const FIRST_LOCK = 2;

/** Locks rows, always in the same order, so that no two wait for each other. Until the transaction ends. */
async function lockFiles(sql: Sql, ids: readonly string[]): Promise<void> {
  const locks = [...new Set(ids.map(lockOf))].sort((one, other) => one - other);
  if (locks.length === 0) return;
  const rows = locks.map(() => "(CAST(? AS INTEGER))").join(", ");
  await sql.run(`INSERT INTO rivulet_lock (id) VALUES ${rows} ON CONFLICT DO NOTHING`, locks);
  const places = locks.map(() => "?").join(", ");
  await sql.all(
    `SELECT id FROM rivulet_lock WHERE id IN (${places}) ORDER BY id ${sql.dialect.forUpdate}`,
    locks,
  );
}

function lockOf(id: string): number {
  return FIRST_LOCK + (createHash("sha256").update(id).digest().readUInt32BE() % LOCKS);
}
