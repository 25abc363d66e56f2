import type { SearchEntity } from "../entities.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { createCursor } from "./cursor.ts";
import type { FilterField } from "./filter.ts";
import { readField } from "./parse-clause.ts";

/** Fields that are too long to choose from. */
const WHOLE_TEXTS: readonly string[] = ["text", "span.content"];

/**
 * Parses a field whose values are texts that one can choose from, written as in a filter: `name`, `tags.team`.
 *
 * @throws RivuletError `invalid_argument` for an unknown field, for numbers and times, and for the whole text of a trace
 */
export function parseListedField(entity: SearchEntity, path: string): FilterField {
  const cursor = createCursor(path.slice(0, LIMITS.filter), "field");
  const { field, name, type } = readField(entity, cursor);
  if (cursor.peek().kind !== "end") throw cursor.error("expected one field");
  if (type === "number" || type === "time" || WHOLE_TEXTS.includes(name)) {
    throw new RivuletError("invalid_argument", `The values of ${name} are not listed.`, {
      details: { field: "field" },
    });
  }
  return field;
}
