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

const SEARCH_OPTIONS: readonly string[] = ["filter", "orderBy", "limit", "pageToken"];
const MORE_OPTIONS: Partial<Record<SearchEntity, readonly string[]>> = {
  experiment: ["lifecycle"],
  run: ["experimentIds", "lifecycle"],
  trace: ["experimentIds"],
  evaluation: ["experimentIds"],
};

/**
 * A misspelt option that is left aside finds everything.
 *
 * @throws RivuletError `invalid_argument` naming it, or when there are no options
 */
export function checkOptions(options: unknown, known: readonly string[]): void {
  const list = known.join(", ");
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new RivuletError("invalid_argument", `A query is an object with any of ${list}.`, {
      details: { field: "query" },
    });
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = unknown.slice(0, LIMITS.name);
  throw new RivuletError(
    "invalid_argument",
    `A query has no "${name}" here. It may have ${list}.`,
    { details: { field: name } },
  );
}

/**
 * What a user searches for, as the store understands it.
 *
 * @throws RivuletError `invalid_argument` for a bad filter, order, limit or page token, and for other options
 */
export function toStoreQuery(
  context: Pick<Context, "now">,
  entity: SearchEntity,
  query: SearchQuery = {},
): StoreQuery {
  checkOptions(query, [...SEARCH_OPTIONS, ...(MORE_OPTIONS[entity] ?? [])]);
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
