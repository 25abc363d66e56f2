import type { Sql, SqlValue, Statement } from "./database.ts";
import type { ColumnType, Index, Table } from "./table.ts";

/**
 * Everything in which SQL databases differ. No statement outside of a dialect is one database's own.
 *
 * Text compares and sorts by its bytes in every database (PostgreSQL: `COLLATE "C"`).
 */
export interface Dialect {
  /** Ends a SELECT whose rows the transaction changes next: other transactions wait for it. */
  readonly forUpdate: string;
  /** Ends a SELECT whose rows must stay as they are until the transaction ends. */
  readonly forShare: string;
  /** The database's clock: an expression for the microseconds since the epoch. */
  readonly now: string;
  /** The condition that `expression` matches a pattern with `%` and `_`, minding case. */
  like(expression: string, pattern: string): Statement;
  /** The same without regard to the case of A to Z. */
  ilike(expression: string, pattern: string): Statement;
  /** The condition that a text is this one, as indexes have it where the text may be long. */
  longEquals(expression: string, value: string): Statement;
  /** A number of a column of the type `real`, as it is bound. NaN is more than every other, and equals itself. */
  real(value: number): SqlValue;
  /** The number that the text in `expression` reads as, in JSON's notation; NULL when it is none. */
  number(expression: string): string;
  readonly json: JsonDialect;
  /** How traces are found by their words; undefined where their texts are walked. */
  readonly words: WordIndex | undefined;
  /** Tables that the store has in this database alone, such as one for the bytes of files. */
  readonly ownTables: readonly Table[];
  /** The statements that make a table and its indexes. */
  createTable(table: Table): readonly string[];
  /** Makes an index of a table that is there. */
  createIndex(table: Table, index: Index): string;
  /** Adds a column, which may be NULL, to a table that is there. */
  addColumn(table: Table, name: string, type: ColumnType): string;
  /** Reads the `bytes` that all tables use; what was deleted does not count. */
  readonly usedBytes: string;
  /** Lists the `name` of every table where ours are. */
  readonly listTables: string;
  /** Statements that begin a migration, in its transaction: they wait until nobody else migrates. */
  readonly migrationLock: readonly string[];
}

/** How a database looks into JSON text. Names of properties are ours, never a user's. */
export interface JsonDialect {
  /** The value of the JSON text in `expression`. */
  value(expression: string): Readings;
  /** The JSON text of the property `name` of the object in `expression`. */
  field(expression: string, name: string): string;
  /** The members of the object in `expression`, as rows called `alias` with a column `key`. */
  members(expression: string, alias: string): JsonRows;
  /** A scalar: the JSON list of the texts in `expression` over the rows behind `from`. */
  list(expression: string, from: string): string;
  /** An aggregate: the JSON list of what `expression` is in the rows of a group. */
  gather(expression: string): string;
  /** The items of the list in `expression`, as rows called `alias`. */
  items(expression: string, alias: string): JsonRows;
}

/** Two readings of one value. */
export interface Readings {
  /** Texts as they are, numbers and booleans as JSON has them, NULL for null. */
  readonly text: string;
  /** Numbers, and texts that read as one; NULL for anything else. */
  readonly number: string;
}

/** Values of a JSON list or object as rows. */
export interface JsonRows extends Readings {
  /** What stands behind FROM, with its alias. */
  readonly from: string;
  /** A property of the row, where it is an object. */
  property(name: string): Readings;
}

/**
 * An index of the words of traces. What is a word is ours to say: letters, digits, marks and `_` in lower case, no
 * longer than every database takes. The database splits nothing and changes nothing.
 */
export interface WordIndex {
  /** The statements that make it, where it is not there. */
  readonly create: readonly string[];
  /** A SELECT of the `id`s of all traces that have each of these words: at least one, and not many. */
  find(words: readonly SoughtWord[]): Statement;
  /** A SELECT of as many rows, by which they are counted. */
  count(words: readonly SoughtWord[]): Statement;
  /** Gives traces their words, in place of those they had. */
  replace(sql: Sql, traces: readonly TraceWords[]): Promise<void>;
  remove(sql: Sql, traceIds: readonly string[]): Promise<void>;
  /** A small step of bringing together what was written piece by piece; undefined where the database does that. */
  readonly fold: string | undefined;
}

/** A word that a trace must have. */
export interface SoughtWord {
  readonly word: string;
  /** One that begins with it will do. */
  readonly isPrefix: boolean;
}

/** The words of a trace. */
export interface TraceWords {
  readonly traceId: string;
  readonly words: ReadonlySet<string>;
}
