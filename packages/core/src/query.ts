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
import { checkOptions, type OptionCheck, type StoreQuery } from "@rivulet/store";
import type { Context } from "./context.ts";

const PAGE_OPTIONS = ["limit", "pageToken"];
const SEARCH_OPTIONS = ["filter", "orderBy", ...PAGE_OPTIONS];

/** Options that some lists have besides those of every search. */
const OWN_OPTIONS: Readonly<Partial<Record<SearchEntity, readonly string[]>>> = {
  experiment: ["lifecycle"],
  run: ["experimentIds", "lifecycle"],
  trace: ["experimentIds"],
  evaluation: ["experimentIds"],
};

const BY_ID = "Experiments are named by experimentIds: (await rivulet.experiments.find(name))?.id";
const BY_LIMIT = "The size of a page is limit.";

/** What those would write who come from elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  experiment: BY_ID,
  experimentId: BY_ID,
  experimentName: BY_ID,
  experimentNames: BY_ID,
  maxResults: BY_LIMIT,
  max_results: BY_LIMIT,
  pageSize: BY_LIMIT,
  where: "A condition is written as filter.",
};

const ANYTHING: OptionCheck = { accepts: () => true, accepted: "anything" };

/**
 * Checks the names of the options of a list: a misspelt one would find everything.
 *
 * @throws RivuletError `invalid_argument` with the name that is meant
 */
export function checkListOptions(query: object, known: readonly string[]): void {
  const checks = Object.fromEntries(known.map((name) => [name, ANYTHING]));
  checkOptions<object>(query, { of: "a list", checks, elsewhere: ELSEWHERE });
}

/**
 * What a user searches for, as the store understands it.
 *
 * @throws RivuletError `invalid_argument` for an unknown option, or a bad filter, order, limit or page token
 */
export function toStoreQuery(
  context: Pick<Context, "now">,
  entity: SearchEntity,
  query: SearchQuery = {},
): StoreQuery {
  checkListOptions(query, [...SEARCH_OPTIONS, ...(OWN_OPTIONS[entity] ?? [])]);
  return {
    ...toCountQuery(context, entity, query),
    order: parseOrder(entity, query.orderBy),
    ...pageOf(query),
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

interface StorePage {
  readonly limit: number;
  readonly pageToken?: string;
}

/**
 * The page a user asks for, within bounds.
 *
 * @param others options that the list has besides
 * @throws RivuletError `invalid_argument` for an unknown option, or a bad limit or page token
 */
export function toStorePage(query: PageQuery, others: readonly string[]): StorePage {
  checkListOptions(query, [...others, ...PAGE_OPTIONS]);
  return pageOf(query);
}

function pageOf(query: PageQuery): StorePage {
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
