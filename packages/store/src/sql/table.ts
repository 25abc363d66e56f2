/** Type of a column; with `?` it may be NULL. */
export type ColumnType = BaseType | `${BaseType}?`;

/**
 * `integer` is exact up to 2^53; times are integers, in microseconds since the epoch. `json` is JSON text that is
 * returned exactly as written.
 */
export type BaseType = "text" | "integer" | "real" | "json" | "bytes";

/** A table, independent of the database. */
export interface Table {
  /** Name in the database. */
  readonly name: string;
  /** Column → its type. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** Indexes besides the one on `key`. */
  readonly indexes?: readonly Index[];
  /** Rows describe this installation rather than user data; backups leave them out. @default false */
  readonly local?: boolean;
  /** Rows are short and found by their key only; SQLite stores them in the key's tree (`WITHOUT ROWID`). @default false */
  readonly narrow?: boolean;
  /** Schema version that added the table. @default 1 */
  readonly since?: number;
  /** Last schema version with the table; the next one moves its rows and drops it. @default it still exists */
  readonly until?: number;
  /** Column or index → schema version that added it, where that is later than the table's. */
  readonly added?: Readonly<Record<string, number>>;
}

/** An index of a table. */
export interface Index {
  /** Name in the database. */
  readonly name: string;
  /** Columns in order, followed by `DESC` where descending. */
  readonly columns: readonly string[];
  /** No two rows have the same values. @default false */
  readonly unique?: boolean;
  /** Columns whose texts may have thousands of characters; a database that cannot index those indexes a prefix. */
  readonly long?: readonly string[];
  /** Condition of a partial index. @default every row is indexed */
  readonly where?: string;
}

/** The parts of {@link tableStatements} that depend on the database. */
export interface TableWords {
  readonly types: Readonly<Record<BaseType, string>>;
  /** Text behind the closing parenthesis. */
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

/** A column's type in a statement. */
export function columnWords(type: ColumnType, types: TableWords["types"]): string {
  const base = baseOf(type);
  return `${types[base]}${type === base ? " NOT NULL" : ""}`;
}

/** The type without `?`. */
function baseOf(type: ColumnType): BaseType {
  return type.replace("?", "") as BaseType;
}

/** `CREATE INDEX`. */
export function indexStatement(table: string, { name, columns, unique, where }: Index): string {
  const kind = unique ? "UNIQUE INDEX" : "INDEX";
  const rest = where === undefined ? "" : ` WHERE ${where}`;
  return `CREATE ${kind} ${name} ON ${table} (${columns.join(", ")})${rest}`;
}
