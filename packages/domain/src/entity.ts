import type { FilterField } from "./filter/filter.ts";

/**
 * What is declared once for a kind of thing that a store keeps. Table, search, grammar of filters, order of
 * lists, tags and change events are made from it.
 */
export interface Entity<Name extends string = string, Event extends string = Name>
  extends StoredTable<Event> {
  /** As searches, tags and page tokens call it; `modelVersion` is a "model version" in messages. */
  readonly name: Name;
  /** Columns that filters and orders may name. */
  readonly searched: readonly string[];
  /** Order of lists where none is asked for: fields, with `-` in front where they run backwards. Ends in the key. */
  readonly order: readonly string[];
  /** MLflow's and other names of searched fields, lower case → field. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Searched fields that have one of these words, which are lower case, and filters may write in any case. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Words in front of a dot that may be left out, besides `attribute`: `run.name`. Lower case. */
  readonly prefixes?: readonly string[];
  /** What is looked up by a key: `metrics.acc`. */
  readonly lookups: Partial<Readonly<Record<LookupKind, Lookup>>>;
  /** Filters of their own, which compare text and have no order. */
  readonly texts?: readonly SpecialText[];
  /** The field that tags are filed by. Left out: it has no tags. */
  readonly tagged?: string;
}

/** A table of the store whose rows are records, or parts of them. */
export interface StoredTable<Event extends string = string> {
  readonly table: string;
  /** Field of the record → what it holds. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that only the store itself needs. */
  readonly extra?: Readonly<Record<string, ColumnType>>;
  /** Fields, the first of which names what has changed in change events. */
  readonly key: readonly string[];
  /** What change events call it. */
  readonly event: Event;
  /** Fields that are no columns, and may be searched by: milliseconds between two times. */
  readonly intervals?: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  readonly indexes?: readonly EntityIndex[];
  /** Schema version since which the table is there. @default 1 */
  readonly since?: number;
  /** Column, or name of an index → schema version since which it is there, where it came later. */
  readonly added?: Readonly<Record<string, number>>;
}

/** Fields by which rows are found fast, with `-` in front where they run backwards. Intervals may be among them. */
export interface EntityIndex {
  readonly name: string;
  readonly on: readonly string[];
  /** The first field is a text of any length: the index has only its beginning. @default false */
  readonly cut?: boolean;
  readonly unique?: boolean;
  /** Holds only rows that have this field, or have it with this value. */
  readonly where?: { readonly field: string; readonly is?: string };
}

/**
 * What a column holds; with `?` a record may be without it. `time` is milliseconds since the epoch and
 * `duration` milliseconds, both kept to the microsecond. `integer` is whole. What lies beyond 2^53, in microseconds
 * where it is a time, is kept as the nearest number that does not.
 */
export type ColumnType = BaseColumnType | `${BaseColumnType}?`;
/** A {@link ColumnType} that every record has. */
export type BaseColumnType = "text" | "integer" | "real" | "time" | "duration" | "json";

/** Kinds of filter fields that look a key up. */
export type LookupKind = Exclude<FilterField["kind"], "attribute">;

/** How a key is looked up. */
export interface Lookup {
  /** What stands in front of the dot, lower case. */
  readonly prefixes: readonly string[];
  /** `any` takes numbers and text. */
  readonly type: "text" | "number" | "any";
  /** Keys there are, where not every key is one; `name.` allows what begins so. */
  readonly keys?: readonly string[];
  /** Key → the words it may be compared with, where it is one of some. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Keys under which MLflow keeps what is a field of the entity here. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly in: LookupPlace;
}

/** Where a key is looked up: among the tags, in a table of keys and values, in a JSON column, in spans. */
export type LookupPlace =
  | { readonly place: "tags" }
  | {
      readonly place: "rows";
      readonly table: string;
      /** Columns of that table. */
      readonly owner: string;
      readonly key: string;
      /** The field of the entity that the owner is called by. Left out: its key. */
      readonly of?: string;
      /** Rows with this value of the column `kind` only. */
      readonly kind?: string;
      /** Values are JSON, not text or numbers. */
      readonly json?: boolean;
      /** The column with the number that a text reads as. */
      readonly number?: string;
      /**
       * Keys are numbers, which this table gives to those of a kind in each experiment. They lead indexes that go on
       * with the value and the owner.
       */
      readonly keys?: { readonly table: string; readonly kind: string };
    }
  | { readonly place: "member"; readonly of: string }
  | { readonly place: "spans" };

/** A filter that no column answers. */
export type SpecialText = "prompt" | "text";

/** Columns for each property of a record but those that are put together from elsewhere. */
export type ColumnsOf<T, Elsewhere extends keyof T = never> = {
  readonly [K in Exclude<keyof T, Elsewhere>]-?: Record<never, never> extends Pick<T, K>
    ? `${BaseColumnType}?`
    : BaseColumnType;
};

/** The look-up of tags. */
export const TAGS: Lookup = { prefixes: ["tag", "tags"], type: "any", in: { place: "tags" } };
