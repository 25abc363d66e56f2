import type { JsonDialect, JsonRows, JsonScalar } from "@rivulet/store/sql";
import { CHARACTER_MARK, ESCAPE_MARK } from "./text-encoding.ts";

/**
 * JSON stays in columns of text, to the letter; the type `json` reads it. `jsonb` would refuse texts with
 * `\u0000` or half a pair, and one row would fail everybody's search; the encoding of texts takes care that
 * `json` meets none of them.
 */
export const postgresJson: JsonDialect = {
  value: (expression) => scalar(`(${expression})::json`),
  field: (expression, name) => `((${expression})::json -> '${name}')::text`,
  members: (expression, alias) =>
    rows(
      `LATERAL (SELECT ${characters("key")} AS key, value FROM json_each(${only("{", expression)})) ${alias}`,
      alias,
    ),
  list: (expression, from) => `(SELECT json_agg(${expression})::text ${from})`,
  gather: (expression) => `json_agg(${expression})::text`,
  items: (expression, alias) =>
    rows(`json_array_elements(${only("[", expression)}) ${alias}(value)`, alias),
};

/** The JSON if it starts like this, else NULL: PostgreSQL fails when asked for the members of a list. */
function only(start: "{" | "[", expression: string): string {
  return `(CASE WHEN (${expression}) LIKE '${start}%' THEN ${expression} END)::json`;
}

function rows(from: string, alias: string): JsonRows {
  const value = `${alias}.value`;
  return { from, ...scalar(value), property: (name) => scalar(`(${value} -> '${name}')`) };
}

/** @param json an expression of type `json` */
function scalar(json: string): JsonScalar {
  const text = characters(`(${json} #>> '{}')`);
  return { text, number: numberIn(text) };
}

/** The numeric value of a text, or NULL. */
export function numberIn(text: string): string {
  return `CASE WHEN ${text} ~ '${NUMBER}' THEN CASE
    WHEN ${text} ~ '${ORDINARY}' THEN (${text})::double precision
    WHEN ${text} ~ '${MEASURABLE}' AND length(${text}) < ${LONGEST} THEN CASE
      WHEN abs((${text})::numeric) >= ${TOO_LARGE} THEN NULL
      WHEN abs((${text})::numeric) <= ${TOO_SMALL} THEN 0
      ELSE (${text})::double precision END
    WHEN ${text} ~ '${NOTHING}' THEN 0 END END`;
}

/** A character that was escaped reads like one that was stored directly. */
function characters(text: string): string {
  return `translate(${text}, '${ESCAPE_MARK}', '${CHARACTER_MARK}') COLLATE "C"`;
}

/** A number in JSON's notation. */
const BLANK = "[ \\t\\n\\r]*";
const MANTISSA = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";
const NUMBER = `^${BLANK}${MANTISSA}([eE][+-]?[0-9]+)?${BLANK}$`;
/** One that fits into every double; casting fails for larger or smaller numbers. */
const ORDINARY = `^${BLANK}-?[0-9]{1,100}(\\.[0-9]{1,100})?([eE][+-]?[0-9]{1,2})?${BLANK}$`;
/** One that fits into `numeric`, so that its size can be compared. */
const MEASURABLE = `^${BLANK}${MANTISSA}([eE][+-]?0*[0-9]{1,4})?${BLANK}$`;
const LONGEST = 5_000;
/** One smaller than that, or zero. */
const NOTHING = "[eE]-|^[^1-9]*[eE]";
/** Bounds beyond which a double would be infinite or 0. */
const TOO_LARGE = "1.7976931348623158079e308";
const TOO_SMALL = "2.4703282292062327e-324";
