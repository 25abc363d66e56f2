import type { JSX } from "preact";
import type { Question } from "../../api/query-client.ts";
import type { ListQuery } from "../../questions/list-query.ts";

/** How rows of a list stand under others of it. */
export interface Tree<Row> {
  /** What {@link TREE} is called among the ways to group. */
  readonly label: string;
  /** Finds the rows that stand under no other. */
  readonly roots: string;
  /** How many rows stand under a row. */
  readonly count: (key: string) => Question<number>;
  /** How many of them the list finds, where it looks for something. */
  readonly found: (key: string, query: ListQuery) => Question<number> | undefined;
  /** The rows under a row, in the order of the list: those that it finds, or all of them where `filter` and `text` are empty. */
  readonly below: (key: string, query: ListQuery) => Question<readonly Row[]>;
  /** What the rows under one have come to, in a column where it has no value itself. */
  readonly summary: (key: string, column: string) => JSX.Element | null;
  /** The list narrowed to the rows under one, where there are more than are shown. */
  readonly more: (key: string) => JSX.Element;
}

/** The way to group that shows rows under others; the name of no field. */
export const TREE = "/tree";

/** Rows under one that are shown. */
export const MOST_BELOW = 100;
