/** How an SQL database differs from the next: facts, not names. */
export interface Dialect {
  /** The condition that `expression` matches a bound pattern with `%` and `_`, minding case. */
  readonly like: (expression: string) => string;
  /** The bound value for {@link like}. */
  readonly likePattern: (pattern: string) => string;
  /** The same without regard to case. */
  readonly ilike: (expression: string) => string;
  /** The rows of a JSON object or array in `expression`, as a table with columns `key` and `value`. */
  readonly jsonEach: (expression: string) => string;
  /** The value of a row of {@link jsonEach} named `alias`: `true` and `false` as text. */
  readonly jsonEachValue: (alias: string) => string;
  /** The value that a JSON text holds: `true` and `false` as text. */
  readonly jsonValue: (expression: string) => string;
  /** The text of the property `name` of a JSON object; `name` is ours, never a user's. */
  readonly jsonField: (expression: string, name: string) => string;
}

/** SQLite 3.38 and newer. Its LIKE ignores case, its GLOB minds it. */
export const sqliteDialect: Dialect = {
  like: (expression) => `${expression} GLOB ?`,
  likePattern: (pattern) =>
    pattern.replace(/[*?[\]%_]/g, (sign) => {
      if (sign === "%") return "*";
      return sign === "_" ? "?" : `[${sign}]`;
    }),
  ilike: (expression) => `${expression} LIKE ?`,
  jsonEach: (expression) => `json_each(${expression})`,
  jsonEachValue: (alias) => booleanAsText(`${alias}.type`, `${alias}.value`),
  jsonValue: (expression) =>
    booleanAsText(`json_type(${expression})`, `json_extract(${expression}, '$')`),
  jsonField: (expression, name) => `json_extract(${expression}, '$.${name}')`,
};

function booleanAsText(type: string, value: string): string {
  return `CASE WHEN ${type} IN ('true', 'false') THEN ${type} ELSE ${value} END`;
}
