import { statSync } from "node:fs";
import { listOwners, listSegments } from "../engine/spool/spool-folder.ts";
import type { Sql } from "../sql/database.ts";
import { number, text } from "../sql/values.ts";

/** Bytes of records in a spool that are not in the database yet. */
export async function pendingBytes(sql: Sql, spool: string): Promise<number> {
  const owners = listOwners(spool);
  if (owners.length === 0) return 0;
  const marks = await sql.all("SELECT segment, position FROM spool");
  const done = new Map(marks.map((row) => [text(row, "segment"), number(row, "position")]));
  return owners
    .flatMap((owner) => listSegments({ folder: spool, owner }))
    .reduce((sum, { path, name }) => {
      const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return sum + Math.max(0, size - (done.get(name) ?? 0));
    }, 0);
}
