import type { JsonDialect, JsonRows, Readings } from "@rivulet/store/sql";
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

/** The JSON when it begins like this, else NULL: a list has no members, and PostgreSQL fails when it is asked. */
function only(start: "{" | "[", expression: string): string {
  return `(CASE WHEN (${expression}) LIKE '${start}%' THEN ${expression} END)::json`;
}

function rows(from: string, alias: string): JsonRows {
  const value = `${alias}.value`;
  return { from, ...scalar(value), property: (name) => scalar(`(${value} -> '${name}')`) };
}

/** @param json an expression of type `json` */
function scalar(json: string): Readings {
  const text = characters(`(${json} #>> '{}')`);
  return { text, number: numberIn(text) };
}

/** The number that a text reads as, or NULL. */
export function numberIn(text: string): string {
  return `CASE WHEN ${text} ~ '${NUMBER}' THEN (${text})::double precision END`;
}

/** A character that came out of an escape reads like one that was stored as it is. */
function characters(text: string): string {
  return `translate(${text}, '${ESCAPE_MARK}', '${CHARACTER_MARK}') COLLATE "C"`;
}

/** A number as JSON writes it, and no larger or smaller than a double holds, because a cast would fail on it. */
const WHOLE = "(0|[1-9][0-9]{0,254})(\\.[0-9]{1,255})?";
const WITH_EXPONENT = "[1-9](\\.[0-9]{1,40})?[eE][+-]?(30[0-7]|[12]?[0-9]{1,2})";
const NUMBER = `^\\s*-?(${WHOLE}|${WITH_EXPONENT})\\s*$`;
