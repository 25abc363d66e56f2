import type { SearchEntity } from "../entities.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { createCursor } from "./cursor.ts";
import type { OrderTerm } from "./filter.ts";
import { readField } from "./parse-clause.ts";

/** Largest number of order terms. */
const MAX_ORDER_TERMS = 10;

/**
 * Parses order terms: each a field, optionally followed by `ASC` (the default) or `DESC`.
 *
 * @throws RivuletError `invalid_argument` for a field that is unknown or cannot be ordered by
 */
export function parseOrder(
  entity: SearchEntity,
  terms: readonly string[] = [],
): readonly OrderTerm[] {
  if (!Array.isArray(terms) || terms.length > MAX_ORDER_TERMS) {
    throw new RivuletError(
      "invalid_argument",
      `orderBy takes a list of at most ${MAX_ORDER_TERMS} terms.`,
      {
        details: { field: "orderBy" },
      },
    );
  }
  return terms.map((term) => parseTerm(entity, requireText(term, "orderBy")));
}

function parseTerm(entity: SearchEntity, term: string): OrderTerm {
  const cursor = createCursor(term.slice(0, LIMITS.filter), "orderBy");
  const { field, name, sortable } = readField(entity, cursor);
  const isDescending = cursor.takeWord("DESC");
  if (!isDescending) cursor.takeWord("ASC");
  if (cursor.peek().kind !== "end") throw cursor.error("expected ASC or DESC");
  if (!sortable) {
    throw new RivuletError(
      "invalid_argument",
      `orderBy cannot use ${name}: it has no defined order.`,
      {
        details: { field: "orderBy" },
      },
    );
  }
  return { field, descending: isDescending };
}

function requireText(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw new RivuletError("invalid_argument", `${field} must be text.`, { details: { field } });
}
