import type { Sql, SqlValue, Statement } from "./database.ts";
import type { ColumnType, Index, Table } from "./table.ts";

/**
 * Everything in which SQL databases differ. Statements outside of a dialect run on all of them.
 *
 * Text compares and sorts by its bytes in every database (PostgreSQL: `COLLATE "C"`).
 */
export interface Dialect {
  /** Suffix of a SELECT whose rows the transaction changes next; other transactions wait for it. */
  readonly forUpdate: string;
  /** Suffix of a SELECT whose rows must not change until the transaction ends. */
  readonly forShare: string;
  /** The database's clock: an expression for the microseconds since the epoch. */
  readonly now: string;
  /**
   * Condition: `expression` matches a pattern, case-sensitively. `%` stands for any text and `_` for any character; `~`
   * before `%`, `_` or `~` makes that sign stand for itself.
   */
  like(expression: string, pattern: string): Statement;
  /** The same, ignoring the case of A to Z. */
  ilike(expression: string, pattern: string): Statement;
  /** Condition: a text of any length equals `value`. Written so that the index on it is used. */
  longEquals(expression: string, value: string): Statement;
  /** A number as it is bound for a column of the type `real`. NaN sorts above all other numbers and equals itself. */
  real(value: number): SqlValue;
  /** Place of a sign in the text of `expression`, from 1; 0 when it is not in it. The sign is a constant of ours. */
  placeOf(expression: string, sign: string): string;
  /** The numeric value of the text in `expression`, in JSON's notation; NULL when it is not a number. */
  number(expression: string): string;
  /** Access to JSON text. */
  readonly json: JsonDialect;
  /** Full-text index of traces; `undefined` where texts are scanned. */
  readonly words: WordIndex | undefined;
  /** Traces are summed up behind their rows; where they are not, sums are counted from the rows. */
  readonly rollsUp: boolean;
  /** How many milliseconds one of the many reads of a search takes. */
  readonly readMs: ReadTime;
  /** Tables that exist in this database only, such as one for the bytes of files. */
  readonly ownTables: readonly Table[];
  /** Statements that create a table and its indexes. */
  createTable(table: Table): readonly string[];
  /** Statement that creates an index on an existing table. */
  createIndex(table: Table, index: Index): string;
  /** Statement that adds a nullable column to an existing table. */
  addColumn(table: Table, name: string, type: ColumnType): string;
  /** Query for the `bytes` that all tables use, without deleted rows. Cheap. */
  readonly usedBytes: string;
  /** Query for the `bytes` that some tables use with their indexes, without deleted rows. May read all their pages. */
  bytesOf(tables: readonly string[]): string;
  /** Query for the `name` of every table in the store's schema. */
  readonly listTables: string;
  /** First statements of a migration's transaction: they wait until nobody else migrates. */
  readonly migrationLock: readonly string[];
}

/** How long a read takes, in milliseconds. */
export interface ReadTime {
  /** Shorter ones are mostly the way to the database and back. */
  readonly least: number;
  /** Longer ones hold up whoever else wants the connection. */
  readonly most: number;
}

/** How a database accesses JSON text. Property names are constants of ours, never user input. */
export interface JsonDialect {
  /** The value of the JSON text in `expression`. */
  value(expression: string): JsonScalar;
  /** The JSON text of the property `name` of the object in `expression`. */
  field(expression: string, name: string): string;
  /** The members of the object in `expression`, as rows called `alias` with a column `key`. */
  members(expression: string, alias: string): JsonRows;
  /** A scalar subquery: the JSON array of the texts in `expression` over the rows of `from`. */
  list(expression: string, from: string): string;
  /** An aggregate: the JSON array of `expression` over the rows of a group. */
  gather(expression: string): string;
  /** The items of the list in `expression`, as rows called `alias`. */
  items(expression: string, alias: string): JsonRows;
}

/** One JSON value as text and as a number. */
export interface JsonScalar {
  /** Strings as they are, numbers and booleans as in JSON, NULL for null. */
  readonly text: string;
  /** Numbers, and strings that are numeric; NULL for anything else. */
  readonly number: string;
}

/** The values of a JSON array or object as rows. */
export interface JsonRows extends JsonScalar {
  /** Operand of FROM, with its alias. */
  readonly from: string;
  /** A property of the row's value, if that is an object. */
  property(name: string): JsonScalar;
}

/**
 * A full-text index of traces. Rivulet splits text into words itself (letters, digits, marks and `_`, in lower case, no
 * longer than every database allows), so that all databases index the same ones.
 */
export interface WordIndex {
  /** The tables it consists of, those that the database makes itself included. */
  readonly tables: readonly string[];
  /** Statements that create it if it does not exist. */
  readonly create: readonly string[];
  /** A SELECT of the `id`s of all traces that contain every one of these words: at least one, and not many. */
  find(words: readonly SearchTerm[]): Statement;
  /** A SELECT with as many rows as there are such traces. */
  count(words: readonly SearchTerm[]): Statement;
  /** Sets the words of traces, replacing earlier ones. */
  replace(sql: Sql, traces: readonly TraceWords[]): Promise<void>;
  /** Removes traces from the index. */
  remove(sql: Sql, traceIds: readonly string[]): Promise<void>;
  /** Statement that merges a few segments of the index; `undefined` where the database does so itself. */
  readonly fold: string | undefined;
}

/** A word that a trace must contain. */
export interface SearchTerm {
  /** In lower case. */
  readonly word: string;
  /** Also matches longer words that start with it. */
  readonly isPrefix: boolean;
}

/** The words of a trace. */
export interface TraceWords {
  readonly traceId: string;
  readonly words: ReadonlySet<string>;
}
