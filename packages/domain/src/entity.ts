import type { FilterField } from "./filter/filter.ts";

/**
 * The single declaration of an entity. Its table, search, filter grammar, list order, tags and change events are derived
 * from it.
 */
export interface Entity<Name extends string = string, Event extends string = Name>
  extends StoredTable<Event> {
  /** Its name in searches, tags and page tokens. Messages split it into words: "model version". */
  readonly name: Name;
  /** Columns that filters and orders may name. */
  readonly searched: readonly string[];
  /** Default order of lists: fields, with `-` in front where descending. Ends with the key. */
  readonly order: readonly string[];
  /** Other names of searched fields, MLflow's among them: lower-case alias, which may have dots → field. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Searched field → the only values it can have, in lower case. Filters may write them in any case. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Optional prefixes of a field besides `attribute`, such as `run` in `run.name`. Lower case. */
  readonly prefixes?: readonly string[];
  /** Fields that are looked up by a key, such as `metrics.acc`. */
  readonly lookups: Partial<Readonly<Record<LookupKind, Lookup>>>;
  /** Names of tags that need no prefix: `note` → key of the tag. Lower case. */
  readonly tagNames?: Readonly<Record<string, string>>;
  /** Special text filters, which cannot be ordered by. */
  readonly texts?: readonly SpecialText[];
  /** The field that its tags refer to. @default none: the entity has no tags */
  readonly tagged?: string;
}

/** A table of the store whose rows are records or parts of records. */
export interface StoredTable<Event extends string = string> {
  /** Name of the table in the database. */
  readonly table: string;
  /** Field of the record → type of its column. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that only the store uses; no field of the record. */
  readonly extra?: Readonly<Record<string, ColumnType>>;
  /** Fields of the primary key. The first is the id in change events. */
  readonly key: readonly string[];
  /** Its name in change events. */
  readonly event: Event;
  /** Searchable fields without a column of their own: milliseconds between two times. */
  readonly intervals?: Readonly<Record<string, Interval>>;
  /** Indexes besides the one on `key`. */
  readonly indexes?: readonly EntityIndex[];
  /** Schema version that added the table. @default 1 */
  readonly since?: number;
  /** Column or index → schema version that added it, where that is later than the table's. */
  readonly added?: Readonly<Record<string, number>>;
}

/** The time between two fields of a record. */
export interface Interval {
  /** The earlier time's field. */
  readonly from: string;
  /** The later time's field. */
  readonly to: string;
}

/** An index. Its fields may include intervals. */
export interface EntityIndex {
  /** Name of the index in the database. */
  readonly name: string;
  /** Fields in order, with `-` in front of those that run backwards. */
  readonly on: readonly string[];
  /** The first field is text of any length, so only its beginning is indexed. @default false */
  readonly cut?: boolean;
  /** No two rows have the same values. @default false */
  readonly unique?: boolean;
  /** Makes it a partial index. @default none: every row is indexed */
  readonly where?: {
    /** Only rows that have this field are indexed, unless the others say otherwise. */
    readonly field: string;
    /** Only rows whose field has this value are indexed. */
    readonly is?: string;
    /** Only rows that do not have the field are indexed. @default false */
    readonly isAbsent?: boolean;
  };
}

/**
 * Type of a column; `?` marks optional fields. `time` is milliseconds since the epoch and `duration` is milliseconds,
 * both kept to the microsecond. `integer` is a whole number. Values beyond 2^53 (in microseconds for times and
 * durations) are stored as the nearest number within it.
 */
export type ColumnType = BaseColumnType | `${BaseColumnType}?`;
/** Type of a column that every record has. */
export type BaseColumnType = "text" | "integer" | "real" | "time" | "duration" | "json";

/** Kinds of filter fields that are looked up by a key. */
export type LookupKind = Exclude<FilterField["kind"], "attribute">;

/** How a key is looked up. */
export interface Lookup {
  /** Prefixes in front of the dot, lower case. */
  readonly prefixes: readonly string[];
  /** What values compare as; `any` takes both numbers and text. */
  readonly type: "text" | "number" | "any";
  /** The allowed keys; one that ends in a dot allows every key with that prefix. @default every key */
  readonly keys?: readonly string[];
  /** Keys whose values are numbers. @default none */
  readonly numbers?: readonly string[];
  /** Key → the only values it can have, in lower case. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Keys that MLflow uses for what is a field of the entity here → that field. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Where the values are stored. */
  readonly in: LookupPlace;
}

/** Columns that say on which dataset a value was measured. */
export interface DatasetColumns {
  /** The column with the dataset's name. */
  readonly name: string;
  /** The column with its digest. */
  readonly digest: string;
}

/** Where a key is looked up: among the tags, in a table of keys and values, in a JSON column, or in spans. */
export type LookupPlace =
  | {
      /** The tags of the entity. */
      readonly place: "tags";
    }
  | {
      /** A table with one row per key. */
      readonly place: "rows";
      /** Name of that table. */
      readonly table: string;
      /** Its column that refers to the entity. */
      readonly owner: string;
      /** Its column with the key. */
      readonly key: string;
      /** The entity's field that `owner` refers to. @default the entity's key */
      readonly of?: string;
      /** Only rows with this value in the column `kind`. */
      readonly kind?: string;
      /** Values are stored as JSON rather than as text or numbers. @default false */
      readonly json?: boolean;
      /** One key may have several values. @default false, unless they are JSON */
      readonly many?: boolean;
      /** The columns that say on which dataset a value was measured; a search may be about some datasets only. */
      readonly dataset?: DatasetColumns;
      /** Its column with the value. @default 'value' */
      readonly value?: string;
      /** The column with the numeric value of a text that reads as a number. */
      readonly number?: string;
      /**
       * Keys are stored as numbers, assigned per kind and experiment. They lead indexes that continue with the value and
       * the owner.
       */
      readonly keys?: {
        /** Table that assigns the numbers. */
        readonly table: string;
        /** The kind of key in that table. */
        readonly kind: string;
      };
    }
  | {
      /** A table with several rows per owner, whose columns are the keys; an empty text is none. */
      readonly place: "columns";
      /** Name of that table. */
      readonly table: string;
      /** Its column that refers to the entity's key. */
      readonly owner: string;
    }
  | {
      /** A member of a JSON object. */
      readonly place: "member";
      /** The entity's field that holds the object. */
      readonly of: string;
    }
  | {
      /** The spans of a trace: it matches when one of them does. */
      readonly place: "spans";
    };

/** A filter that is not answered from a single column. */
export type SpecialText =
  | "alias"
  | "prompt"
  | "text"
  | "anyText"
  | "error"
  | "errorFingerprint"
  | "experiment";

/** A column for each property of a record, except those assembled from other tables. */
export type ColumnsOf<T, Elsewhere extends keyof T = never> = {
  readonly [K in Exclude<keyof T, Elsewhere>]-?: Record<never, never> extends Pick<T, K>
    ? `${BaseColumnType}?`
    : BaseColumnType;
};

/** The lookup of tags. */
export const TAGS: Lookup = { prefixes: ["tag", "tags"], type: "any", in: { place: "tags" } };
