import { rivulet } from "../api/client.ts";
import { ask, type Question, STEADY } from "../api/query-client.ts";
import type { FilterField, SuggestedValue, ValuesQuery } from "../lists/filter/filter-spec.ts";
import { field } from "../search/filter-text.ts";

/** Tags and feedback that traces have, as fields to filter by. */
export function askTraceFields(experimentId: string | undefined): Question<readonly FilterField[]> {
  const query = experimentId === undefined ? {} : { experimentIds: [experimentId] };
  return {
    queryKey: ["trace", null, "fields", query],
    queryFn: async ({ signal }) => {
      const { tags, feedback, expectations } = await rivulet.withSignal(signal).traces.keys(query);
      return [
        ...keyed("tags", tags),
        ...keyed("feedback", feedback),
        ...keyed("expectation", expectations),
      ];
    },
    meta: STEADY,
  };
}

/** Values of a field of traces, the most frequent first. */
export function askTraceValues(query: ValuesQuery): Question<readonly SuggestedValue[]> {
  return { ...ask({ subject: "trace" }, "traces.values", wanted(query)), meta: STEADY };
}

/** Metrics, params and tags that runs have, as fields to filter by. */
export function askRunFields(experimentId: string | undefined): Question<readonly FilterField[]> {
  const query = experimentId === undefined ? {} : { experimentIds: [experimentId] };
  return {
    queryKey: ["run", null, "fields", query],
    queryFn: async ({ signal }) => {
      const { metrics, params, tags } = await rivulet.withSignal(signal).runs.keys(query);
      return [...keyed("metrics", metrics), ...keyed("params", params), ...keyed("tags", tags)];
    },
    meta: STEADY,
  };
}

/** Values of a field of runs, the most frequent first. */
export function askRunValues(query: ValuesQuery): Question<readonly SuggestedValue[]> {
  return { ...ask({ subject: "run" }, "runs.values", wanted(query)), meta: STEADY };
}

function keyed(
  prefix: "tags" | "feedback" | "expectation" | "metrics" | "params",
  keys: readonly string[],
): readonly FilterField[] {
  const isMetric = prefix === "metrics";
  return keys.map((key) => ({
    name: field(prefix, key),
    label: `${prefix}.${key}`,
    type: isMetric ? "number" : "any",
    isListed: !isMetric,
  }));
}

/** Most values that are suggested. */
const MOST = 50;

function wanted({ field: name, contains, filter, text, experimentIds }: ValuesQuery): {
  readonly field: string;
  readonly limit: number;
  readonly contains?: string;
  readonly filter?: string;
  readonly text?: string;
  readonly experimentIds?: readonly string[];
} {
  return {
    field: name,
    limit: MOST,
    ...(contains !== "" && { contains }),
    ...(filter !== "" && { filter }),
    ...(text !== "" && { text }),
    ...(experimentIds !== undefined && { experimentIds }),
  };
}
