import type { OrderTerm } from "../domain/filter.ts";
import { LIMITS } from "../domain/limits.ts";
import {
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  type PageQuery,
  type SearchQuery,
} from "../domain/page.ts";
import { RivuletError } from "../errors.ts";
import type { StoreQuery } from "../store/store.ts";
import { resolveField } from "./field-path.ts";
import type { SearchEntity } from "./fields.ts";
import { createCursor, parseFilter, readPath } from "./parse-filter.ts";

/** Most terms of an order. */
const MAX_ORDER_TERMS = 10;

/**
 * What a user searches for, as the store understands it.
 *
 * @throws RivuletError `invalid_argument` for a bad filter, order, limit or page token
 */
export function toStoreQuery(entity: SearchEntity, query: SearchQuery = {}): StoreQuery {
  return {
    where:
      query.filter === undefined ? [] : parseFilter(entity, requireText(query.filter, "filter")),
    order: parseOrder(entity, query.orderBy),
    ...toStorePage(query),
  };
}

/**
 * The page a user asks for, within bounds.
 *
 * @throws RivuletError `invalid_argument` for a bad limit or page token
 */
export function toStorePage(query: PageQuery = {}): {
  readonly limit: number;
  readonly pageToken?: string;
} {
  const { limit = DEFAULT_PAGE_SIZE, pageToken } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw new RivuletError(
      "invalid_argument",
      `limit must be a whole number from 1 to ${MAX_PAGE_SIZE}.`,
      {
        details: { field: "limit" },
      },
    );
  }
  return pageToken === undefined ? { limit } : { limit, pageToken: checkToken(pageToken) };
}

function checkToken(token: unknown): string {
  const text = requireText(token, "pageToken");
  if (text !== "" && text.length <= LIMITS.pageToken) return text;
  throw new RivuletError("invalid_argument", "pageToken is not one that a search has given.", {
    details: { field: "pageToken" },
  });
}

function parseOrder(entity: SearchEntity, terms: readonly string[] = []): readonly OrderTerm[] {
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
  const cursor = createCursor(term.slice(0, LIMITS.filter));
  const { field } = resolveField(entity, readPath(cursor));
  const isDescending = cursor.takeWord("DESC");
  if (!isDescending) cursor.takeWord("ASC");
  if (cursor.peek().kind !== "end") throw cursor.error("expected ASC or DESC in orderBy");
  if (field.kind === "span" || field.key === "text" || field.key === "prompt") {
    throw new RivuletError("invalid_argument", `orderBy cannot use "${term.slice(0, 100)}".`);
  }
  return { field, descending: isDescending };
}

function requireText(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw new RivuletError("invalid_argument", `${field} must be text.`, { details: { field } });
}
