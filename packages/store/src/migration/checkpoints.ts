import type { Database, Insert, Sql, SqlValue } from "../sql/database.ts";
import { number, optionalText, text } from "../sql/values.ts";

/** How far a table has come. */
export interface Checkpoint {
  /** URL of the store that it comes from. */
  readonly source: string;
  /** The key of the last row that is there; none before the first. */
  readonly after?: readonly SqlValue[];
  readonly isDone: boolean;
}

/** Stands for the whole store among the tables. */
export const WHOLE = "";

const INTO: Insert = {
  table: "migrations",
  columns: ["table_name", "source", "after", "is_done"],
  conflict: { key: ["table_name"], update: ["source", "after", "is_done"] },
};

/** Table → how far it has come. */
export async function readCheckpoints(
  database: Pick<Database, "all">,
): Promise<ReadonlyMap<string, Checkpoint>> {
  const rows = await database.all("SELECT table_name, source, after, is_done FROM migrations");
  return new Map(
    rows.map((row) => {
      const after = optionalText(row, "after");
      const checkpoint: Checkpoint = {
        source: text(row, "source"),
        isDone: number(row, "is_done") === 1,
        ...(after === undefined ? {} : { after: JSON.parse(after) as readonly SqlValue[] }),
      };
      return [text(row, "table_name"), checkpoint];
    }),
  );
}

/** Notes how far a table has come, in the transaction that writes its rows. */
export async function writeCheckpoint(
  sql: Sql,
  name: string,
  { source, after, isDone }: Checkpoint,
): Promise<void> {
  const key = after === undefined ? null : JSON.stringify(after);
  await sql.insert(INTO, [[name, source, key, isDone ? 1 : 0]]);
}
