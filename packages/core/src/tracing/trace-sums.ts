import { DEFAULT_PAGE_SIZE } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { toCountQuery, toValuesQuery } from "../query.ts";
import { parseInput } from "../validation.ts";
import {
  errorGroupingSchema,
  traceAggregationSchema,
  traceKeysSchema,
  traceSelectionSchema,
  traceValuesSchema,
} from "./trace-input.ts";
import type { Traces } from "./traces.ts";

/** What is asked of many traces at once. */
export type TraceSums = Pick<
  Traces,
  "count" | "countUnindexed" | "aggregate" | "groupErrors" | "keys" | "values"
>;

/** Fields that aggregates name so, too. */
const OF_SPANS = new Set(["model", "provider", "tool"]);

/** Sums over the traces of the context's store. */
export function createTraceSums(context: Context): TraceSums {
  const { store } = context;
  return {
    count: async (query = {}) => {
      const input = parseInput(traceSelectionSchema, query, "query");
      const { experimentIds = [] } = input;
      const { traces } = await store();
      return traces.count({ ...toCountQuery(context, "trace", input), experimentIds });
    },
    countUnindexed: async () => (await store()).traces.countUnindexed(),
    aggregate: async (query = {}) => {
      const input = parseInput(traceAggregationSchema, query, "query");
      const { experimentIds = [], groupBy = [], bucketMs, withFeedback = false } = input;
      const { traces } = await store();
      return traces.aggregate({
        ...toCountQuery(context, "trace", input),
        experimentIds,
        groupBy,
        withFeedback,
        ...(bucketMs === undefined ? {} : { bucketMs }),
      });
    },
    keys: async (query = {}) => {
      const { experimentIds = [] } = parseInput(traceKeysSchema, query, "query");
      return (await store()).traces.keys({ experimentIds });
    },
    values: async (query) => {
      const input = parseInput(traceValuesSchema, query, "query");
      const field = OF_SPANS.has(input.field) ? `span.${input.field}` : input.field;
      const asked = toValuesQuery(context, "trace", { ...input, field });
      return (await store()).traces.values(asked);
    },
    groupErrors: async (query = {}) => {
      const input = parseInput(errorGroupingSchema, query, "query");
      const { experimentIds = [], limit = DEFAULT_PAGE_SIZE } = input;
      const { traces } = await store();
      return traces.groupErrors({ ...toCountQuery(context, "trace", input), experimentIds, limit });
    },
  };
}
