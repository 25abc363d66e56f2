import type { ComponentChildren } from "preact";
import type { PagedQuestion, Question } from "../api/query-client.ts";
import type { Column } from "../components/column.ts";
import type { ListQuery } from "../questions/list-query.ts";
import type { BulkWrites } from "./bulk/bulk-writes.ts";
import type { CellFilter, FilterSpec } from "./filter/filter-spec.ts";
import type { Grouping } from "./groups/grouping.ts";
import type { Tree } from "./tree/tree.ts";

/** Lists, as their saved views and remembered columns are kept under. */
export type ListName =
  | "experiments"
  | "runs"
  | "traces"
  | "sessions"
  | "users"
  | "evaluations"
  | "prompts"
  | "models"
  | "datasets";

/** Which rows a file is of. */
export interface FileScope {
  readonly query: ListQuery;
  /** Only these; all that the query finds without them. */
  readonly keys: ReadonlySet<string>;
}

/** A file: at an address, or what saves it where none could hold what it is of. */
export type FileLink = { readonly label: string } & (
  | { readonly href: string }
  | { readonly save: () => Promise<void> }
);

/** The same rows in several formats. */
export interface FileGroup {
  /** What is in them, such as `Metric points`. */
  readonly title: string;
  readonly links: readonly FileLink[];
}

/** Everything that makes one list differ from another. */
export interface ListSpec<Row extends object> {
  readonly list: ListName;
  /** Plural, such as `Traces`. */
  readonly title: string;
  /** Singular, such as `trace`. */
  readonly noun: string;
  /** Every column there is, in the order before anybody has chosen. */
  readonly columns: readonly Column<Row>[];
  /** A column that is not among them, such as that of a metric, by its key. */
  readonly columnOf?: (key: string) => Column<Row> | undefined;
  readonly filter: FilterSpec;
  /** What a cell can be filtered by. */
  readonly cellFilter?: (row: Row, column: string) => CellFilter | undefined;
  /** Such as `startTime DESC`; empty for the API's own. */
  readonly order: string;
  readonly keyOf: (row: Row) => string;
  /** The field of the filter language that holds the key, where live changes name rows by it. */
  readonly keyField?: string;
  /** What a row is called. */
  readonly nameOf: (row: Row) => string;
  /** Its full page. */
  readonly hrefOf: (row: Row) => string;
  readonly ask: (query: ListQuery) => PagedQuestion<Row>;
  /** How many rows a filter finds, where the API counts them. */
  readonly count?: (query: ListQuery) => Question<number>;
  /** Rows are hidden when they are deleted, and can be listed and brought back. @default false */
  readonly canRestore?: boolean;
  /** By what the rows can be grouped. */
  readonly grouping?: Grouping;
  /** How rows stand under others of the list. */
  readonly tree?: Tree<Row>;
  /** What the side panel shows of a row; without it a row opens its page. */
  readonly panel?: (row: Row) => ComponentChildren;
  /** Controls of this list alone, beside the filter bar. */
  readonly tools?: ComponentChildren;
  /** What can be done to the rows that are ticked. */
  readonly actions?: (selected: SelectedRows<Row>) => ComponentChildren;
  /** Files of the rows that the API makes, for links. */
  readonly files?: (what: FileScope) => readonly FileGroup[];
  /** What can be written to the rows that are ticked. */
  readonly bulk?: BulkWrites;
  /** Shown while there is none at all. */
  readonly empty: ComponentChildren;
}

/** What tells a list from others, without how it is shown. */
export type ListIdentity<Row extends object> = Pick<
  ListSpec<Row>,
  "title" | "noun" | "filter" | "order" | "keyOf" | "hrefOf" | "ask" | "canRestore"
>;

/** Rows that are ticked. */
export interface SelectedRows<Row> {
  /** Those that are loaded. */
  readonly rows: readonly Row[];
  /** Keys of all of them, loaded or not. */
  readonly keys: ReadonlySet<string>;
  readonly clear: () => void;
}
