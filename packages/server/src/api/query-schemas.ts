import {
  LIMITS,
  type LifecycleFilter,
  lifecycleFilterSchema,
  MAX_PAGE_SIZE,
  type PageQuery,
  type SearchQuery,
} from "@rivulet/core";
import * as z from "zod";

const pageFields = {
  limit: z.int().min(1).max(MAX_PAGE_SIZE).exactOptional(),
  pageToken: z.string().max(LIMITS.pageToken).exactOptional(),
};

const searchFields = {
  ...pageFields,
  filter: z.string().max(LIMITS.filter).exactOptional(),
  orderBy: z.array(z.string().max(LIMITS.filter)).max(10).exactOptional(),
};

const idList = z.array(z.string().min(1).max(256)).max(1000);

/** Schema of {@link PageQuery}. */
export const pageQuerySchema: z.ZodType<PageQuery> = z.object(pageFields);

/** Schema of {@link SearchQuery}. */
export const searchQuerySchema: z.ZodType<SearchQuery> = z.object(searchFields);

/** A search among active or deleted entities. */
export interface LifecycleSearch extends SearchQuery {
  readonly lifecycle?: LifecycleFilter;
}

/** Schema of {@link LifecycleSearch}. */
export const lifecycleSearchSchema: z.ZodType<LifecycleSearch> = z.object({
  ...searchFields,
  lifecycle: lifecycleFilterSchema.exactOptional(),
});

/** A search within experiments. */
export interface ScopedSearch extends SearchQuery {
  readonly experimentIds?: readonly string[];
}

/** Schema of {@link ScopedSearch}. */
export const scopedSearchSchema: z.ZodType<ScopedSearch> = z.object({
  ...searchFields,
  experimentIds: idList.exactOptional(),
});

/** Schema of a search for runs. */
export const runSearchSchema: z.ZodType<ScopedSearch & LifecycleSearch> = z.object({
  ...searchFields,
  experimentIds: idList.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
});

/** Schema of the query that narrows to experiments. */
export const experimentScopeSchema: z.ZodType<Pick<ScopedSearch, "experimentIds">> = z.object({
  experimentIds: idList.exactOptional(),
});
