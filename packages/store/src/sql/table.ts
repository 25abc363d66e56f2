/** What a column holds. With `?` it may be NULL. */
export type ColumnType = BaseType | `${BaseType}?`;

/**
 * `integer` is exact to 2^53; times are integers, in microseconds since the epoch. `json` is JSON text that
 * comes back to the letter.
 */
export type BaseType = "text" | "integer" | "real" | "json" | "bytes";

/** A table, in words that every database understands. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly indexes?: readonly Index[];
  /** Rows belong to the place where the store is, not to what it keeps: they are left out of backups. */
  readonly local?: boolean;
  /** Rows are short and found by their key only: SQLite keeps them in the key's tree. */
  readonly narrow?: boolean;
  /** Schema version since which the table is there. @default 1 */
  readonly since?: number;
  /** The last schema version that has the table: the step to the next one moves its rows, and drops it. */
  readonly until?: number;
  /** Column, or name of an index → schema version since which it is there, where it came later than the table. */
  readonly added?: Readonly<Record<string, number>>;
}

/** An index of a table. */
export interface Index {
  readonly name: string;
  /** Columns, each with `DESC` behind it where it runs backwards. */
  readonly columns: readonly string[];
  readonly unique?: boolean;
  /** Columns whose texts may be thousands of characters: a database that cannot index them has their beginnings. */
  readonly long?: readonly string[];
  /** The index holds only rows for which this is true. */
  readonly where?: string;
}

/** What a dialect adds to {@link tableStatements}. */
export interface TableWords {
  readonly types: Readonly<Record<BaseType, string>>;
  /** What stands behind the closing parenthesis. */
  suffix(table: Table): string;
}

/** `CREATE TABLE`, then its indexes. */
export function tableStatements(table: Table, words: TableWords): readonly string[] {
  const columns = Object.entries(table.columns).map(
    ([name, type]) => `${name} ${columnWords(type, words.types)}`,
  );
  const parts = [...columns, `PRIMARY KEY (${table.key.join(", ")})`];
  return [
    `CREATE TABLE ${table.name} (${parts.join(", ")})${words.suffix(table)}`,
    ...(table.indexes ?? []).map((index) => indexStatement(table.name, index)),
  ];
}

/** The type of a column in a statement. */
export function columnWords(type: ColumnType, types: TableWords["types"]): string {
  const base = baseOf(type);
  return `${types[base]}${type === base ? " NOT NULL" : ""}`;
}

/** What a column holds when it is not NULL. */
function baseOf(type: ColumnType): BaseType {
  return type.replace("?", "") as BaseType;
}

/** `CREATE INDEX`. */
export function indexStatement(table: string, { name, columns, unique, where }: Index): string {
  const kind = unique ? "UNIQUE INDEX" : "INDEX";
  const rest = where === undefined ? "" : ` WHERE ${where}`;
  return `CREATE ${kind} ${name} ON ${table} (${columns.join(", ")})${rest}`;
}
