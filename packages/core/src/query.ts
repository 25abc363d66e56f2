import type { LifecycleFilter, PageQuery, SearchEntity, SearchQuery } from "@rivulet/domain";
import {
  DEFAULT_PAGE_SIZE,
  LIMITS,
  MAX_PAGE_SIZE,
  parseFilter,
  parseListedField,
  parseOrder,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { StoreQuery, ValuesQuery } from "@rivulet/store";
import type { Context } from "./context.ts";
import { type Fields, idSchema, listOf, optionsSchema } from "./validation.ts";

const BY_ID = "Experiments are named by experimentIds: (await rivulet.experiments.find(name))?.id";
const BY_LIMIT = "The size of a page is limit.";
const BY_FILTER = "A condition is written as filter.";
const BY_ORDER = "An order is written as orderBy.";

/** Names that people used to other tools would try. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  experiment: BY_ID,
  experimentId: BY_ID,
  experimentName: BY_ID,
  experimentNames: BY_ID,
  maxResults: BY_LIMIT,
  max_results: BY_LIMIT,
  pageSize: BY_LIMIT,
  filterString: BY_FILTER,
  filter_string: BY_FILTER,
  where: BY_FILTER,
  sort: BY_ORDER,
  order_by: BY_ORDER,
};

const LIMIT = `must be a whole number from 1 to ${MAX_PAGE_SIZE}`;
const TOKEN = "is not one that a search has given";
const MAX_ORDERS = 10;
const MAX_EXPERIMENTS = 1_000;

const pageFields = () => ({
  limit: z
    .int(LIMIT)
    .min(1, LIMIT)
    .max(MAX_PAGE_SIZE, LIMIT)
    .describe(`Items per page; default ${DEFAULT_PAGE_SIZE}`)
    .exactOptional(),
  pageToken: z
    .string()
    .min(1, TOKEN)
    .max(LIMITS.pageToken, TOKEN)
    .describe("nextPageToken of the page before")
    .exactOptional(),
});

// As far as its length: the language's own errors say where.
const filterSchema: z.ZodType<string> = z
  .string()
  .max(LIMITS.filter, `must have at most ${LIMITS.filter} characters`);

/** Schema of the condition of a search, with an example of it in its description. */
export function filterFieldSchema(example: string): z.ZodType<string> {
  return filterSchema.describe(`Condition, such as ${example}`);
}

/** Schema of the order of a search. */
export const orderBySchema: z.ZodType<readonly string[]> = listOf(
  filterSchema,
  MAX_ORDERS,
  `at most ${MAX_ORDERS} terms`,
).describe('Fields to sort by, such as "name DESC"');

const searchFields = () => ({
  filter: filterFieldSchema("name ILIKE '%iris%' AND tags.team = 'a'").exactOptional(),
  orderBy: orderBySchema.exactOptional(),
  ...pageFields(),
});

/** Schema of a list of experiment ids. */
export const experimentIdsSchema: z.ZodType<readonly string[]> = listOf(
  idSchema,
  MAX_EXPERIMENTS,
  `at most ${MAX_EXPERIMENTS} experiments`,
).describe("Ids of the experiments to look in; default all");

/** Schema of {@link LifecycleFilter}. */
export const lifecycleFilterSchema: z.ZodType<LifecycleFilter> = z
  .enum(["active", "deleted", "all"], "must be active, deleted or all")
  .describe("With or without deleted ones; default active");

/** Schema of the options of a list that is not searched: its own fields, and those of every page. */
export function listSchema<T extends Fields>(
  fields: () => T,
): z.ZodType<z.output<z.ZodObject<T>> & PageQuery> {
  return selectionSchema(() => ({ ...fields(), ...pageFields() })) as never;
}

/** Schema of options that select some of an entity's records, without paging. */
export function selectionSchema<T extends Fields>(
  fields: () => T,
): z.ZodType<z.output<z.ZodObject<T>>> {
  return optionsSchema(fields, { elsewhere: ELSEWHERE });
}

/** Schema of the options of a search: those of every search, and its own. */
export function searchSchemaWith<T extends Fields>(
  fields: () => T,
): z.ZodType<z.output<z.ZodObject<T>> & SearchQuery> {
  return selectionSchema(() => ({ ...searchFields(), ...fields() })) as never;
}

/** Schema of {@link SearchQuery}. */
export const searchSchema: z.ZodType<SearchQuery> = searchSchemaWith(() => ({}));

/** Schema of the field whose values are listed; `examples` are such fields. */
export function listedFieldSchema(examples: string): z.ZodType<string> {
  return filterSchema.describe(`Field as filters name it, such as ${examples}`);
}

/** Schema of a text that listed values have in them. */
export const containsSchema: z.ZodType<string> = z
  .string()
  .max(LIMITS.name, `must have at most ${LIMITS.name} characters`)
  .describe("Only values that have this text in them, in any case; default all");

/** Schema of the most values that are listed. */
export const mostValuesSchema: z.ZodType<number> = z
  .int(LIMIT)
  .min(1, LIMIT)
  .max(MAX_PAGE_SIZE, LIMIT)
  .describe(`Most values; default ${DEFAULT_PAGE_SIZE}`);

/** A search within experiments. */
export interface ScopedSearch extends SearchQuery {
  /** Ids. @default all experiments */
  readonly experimentIds?: readonly string[];
}

/** Schema of {@link ScopedSearch}. */
export const scopedSearchSchema: z.ZodType<ScopedSearch> = searchSchemaWith(() => ({
  experimentIds: experimentIdsSchema.exactOptional(),
}));

/** A search among active or deleted entities. */
export interface LifecycleSearch extends SearchQuery {
  /** @default 'active' */
  readonly lifecycle?: LifecycleFilter;
}

/** Schema of {@link LifecycleSearch}. */
export const lifecycleSearchSchema: z.ZodType<LifecycleSearch> = searchSchemaWith(() => ({
  lifecycle: lifecycleFilterSchema.exactOptional(),
}));

/**
 * What a user searches for, as the store understands it.
 *
 * @param query checked with its schema
 * @throws RivuletError `invalid_argument` for a bad filter or order
 */
export function toStoreQuery(
  context: Pick<Context, "now">,
  entity: SearchEntity,
  query: SearchQuery,
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
  return { where: filter === undefined ? [] : parseFilter(entity, filter), now: now() };
}

/**
 * Whose values are listed, as the store understands it.
 *
 * @param query checked with its schema
 * @throws RivuletError `invalid_argument` for a bad filter, or a field that has no texts to choose from
 */
export function toValuesQuery(
  context: Pick<Context, "now">,
  entity: SearchEntity,
  query: GivenValues,
): ValuesQuery {
  const { field, contains, limit = DEFAULT_PAGE_SIZE, experimentIds = [] } = query;
  return {
    ...toCountQuery(context, entity, query),
    field: parseListedField(entity, field),
    ...(contains === undefined ? {} : { contains }),
    limit,
    experimentIds,
  };
}

interface GivenValues {
  readonly field: string;
  readonly contains?: string;
  readonly limit?: number;
  readonly filter?: string;
  readonly experimentIds?: readonly string[];
}

interface StorePage {
  readonly limit: number;
  readonly pageToken?: string;
}

/** The page that a checked query asks for. */
export function toStorePage({ limit = DEFAULT_PAGE_SIZE, pageToken }: PageQuery): StorePage {
  return pageToken === undefined ? { limit } : { limit, pageToken };
}
