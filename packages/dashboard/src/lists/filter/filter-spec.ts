import type { Question } from "../../api/query-client.ts";
import type { Clause, FieldType } from "./clause.ts";

/** A field that the filter bar offers. */
export interface FilterField {
  /** As the filter language names it: `status`, `tags.env`. */
  readonly name: string;
  /** As the page calls it: `Status`. */
  readonly label: string;
  readonly type: FieldType;
  /** The only values it can have. */
  readonly choices?: readonly string[];
  /** Whether `FilterSpec.values` knows its values. @default false */
  readonly isListed?: boolean;
}

/** A value that a field has somewhere. */
export interface SuggestedValue {
  readonly value: string;
  /** In how many rows. */
  readonly count: number;
}

/** Which values are looked for. */
export interface ValuesQuery {
  readonly field: string;
  /** Only values with this text in them; empty for all. */
  readonly contains: string;
  /** Only values of rows that this filter finds. */
  readonly filter: string;
  /** Only values of rows with these words in them, where the API looks for words itself. */
  readonly text: string;
  readonly experimentIds?: readonly string[] | undefined;
}

/** The value of a cell as a filter has it. */
export interface CellFilter {
  readonly field: string;
  readonly value: string;
}

/** A condition that is often wanted: one click switches it. */
export interface QuickClause {
  readonly label: string;
  readonly clause: Clause;
}

/** A condition that a list has by itself, until it is removed. */
export interface InitialClause extends QuickClause {
  /** What it leaves out, such as `evaluations`. */
  readonly leftOut: string;
}

/** What the filter bar of a list can do. */
export interface FilterSpec {
  readonly fields: readonly FilterField[];
  /** Fields with keys that are in use, such as `tags.env`, in an experiment or in all. */
  readonly keyedFields?: (experimentId: string | undefined) => Question<readonly FilterField[]>;
  /** Values in use, the most frequent first. */
  readonly values?: (query: ValuesQuery) => Question<readonly SuggestedValue[]>;
  readonly quick?: readonly QuickClause[];
  /** Holds where the URL names no chips. */
  readonly initial?: InitialClause;
  /** The filter that finds words, taken as they stand; without it they are asked for as `ListQuery.text`. */
  readonly words?: (text: string) => string;
  /** What the words are looked for in, for the empty box: `Words in any input or output`. */
  readonly wordsHint: string;
  /** A filter for the empty box of the text form. */
  readonly example: string;
  /** The field that a range of time narrows; without one there is no range. */
  readonly time?: string;
}
