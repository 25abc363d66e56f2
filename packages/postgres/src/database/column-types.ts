import type { Row } from "@rivulet/store/sql";

/** Column → its type. */
export type ColumnTypes = ReadonlyMap<string, string>;

const COLUMNS = `SELECT column_name AS name, data_type AS type FROM information_schema.columns
  WHERE table_schema = current_schema() AND table_name = $1`;

/** Looks up the types of tables' columns in the database, once each. */
export interface ColumnCatalog {
  of(
    table: string,
    ask: (text: string, values: readonly string[]) => Promise<readonly Row[]>,
  ): Promise<ColumnTypes>;
}

/** An empty catalog. */
export function createColumnCatalog(): ColumnCatalog {
  const known = new Map<string, ColumnTypes>();
  return {
    async of(table, ask) {
      const found = known.get(table);
      if (found !== undefined) return found;
      const rows = await ask(COLUMNS, [table]);
      const types = new Map(rows.map((row) => [String(row["name"]), String(row["type"])]));
      // A missing table may be created later.
      if (types.size > 0) known.set(table, types);
      return types;
    },
  };
}
