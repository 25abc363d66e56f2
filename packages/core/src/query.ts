import type { SearchEntity } from "@rivulet/domain";
import {
  DEFAULT_PAGE_SIZE,
  LIMITS,
  MAX_PAGE_SIZE,
  type PageQuery,
  parseFilter,
  parseOrder,
  RivuletError,
  type SearchQuery,
} from "@rivulet/domain";
import type { StoreQuery } from "@rivulet/store";
import type { Context } from "./context.ts";

/**
 * What a user searches for, as the store understands it.
 *
 * @throws RivuletError `invalid_argument` for a bad filter, order, limit or page token
 */
export function toStoreQuery(
  context: Pick<Context, "now">,
  entity: SearchEntity,
  query: SearchQuery = {},
): StoreQuery {
  return {
    ...toCountQuery(context, entity, query),
    order: parseOrder(entity, query.orderBy),
    ...toStorePage(query),
  };
}

/**
 * What a user wants counted or summed up.
 *
 * @throws RivuletError `invalid_argument` for a bad filter
 */
export function toCountQuery(
  { now }: Pick<Context, "now">,
  entity: SearchEntity,
  { filter }: { readonly filter?: string | undefined },
): Pick<StoreQuery, "where" | "now"> {
  const where = filter === undefined ? [] : parseFilter(entity, requireText(filter, "filter"));
  return { where, now: now() };
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

function requireText(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw new RivuletError("invalid_argument", `${field} must be text.`, { details: { field } });
}
