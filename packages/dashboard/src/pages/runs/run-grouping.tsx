import type { MetricDeclarations, RunKeys } from "@rivulet/core";
import type { JSX } from "preact";
import type { Question } from "../../api/query-client.ts";
import { useQuery } from "../../api/use-query.ts";
import { type Grouping, MOST_GROUPS, type RowGroup } from "../../lists/groups/grouping.ts";
import type { ListQuery } from "../../questions/list-query.ts";
import { askRun, askRunGroups } from "../../questions/tracking.ts";
import { field } from "../../search/filter-text.ts";
import { readKey } from "./run-columns.tsx";

/** Most metrics that the API sums up at once. */
const MOST_METRICS = 100;

/** By what runs are grouped: the run they are nested in, what all have, and params and tags in use. */
export function runGrouping(keys: RunKeys | undefined, declared: MetricDeclarations): Grouping {
  const keyed = (["params", "tags"] as const).flatMap((kind) =>
    (keys?.[kind] ?? []).map((key) => ({ name: field(kind, key), label: `${kind}.${key}` })),
  );
  return {
    fields: [...FIELDS, ...keyed],
    ask: askGroups,
    valueOf: (name, value) => (name === PARENT ? <RunName id={value} /> : value),
    betterOf: (column) => {
      const [kind, key] = readKey(column);
      return kind === "metrics" && Object.hasOwn(declared, key) ? declared[key]?.better : undefined;
    },
  };
}

const PARENT = "parentRunId";
const FIELDS = [
  { name: PARENT, label: "parent run" },
  { name: "status", label: "status" },
  { name: "userId", label: "user" },
  { name: "dataset.name", label: "dataset" },
  { name: "dataset.digest", label: "digest of a dataset" },
  { name: "dataset.context", label: "use of a dataset" },
];

function askGroups(
  query: ListQuery,
  by: string,
  columns: readonly string[],
): Question<readonly RowGroup[]> {
  const metrics = columns
    .map(readKey)
    .filter(([kind]) => kind === "metrics")
    .map(([, key]) => key)
    .slice(0, MOST_METRICS);
  return askRunGroups(query, { field: by, metrics, limit: MOST_GROUPS });
}

function RunName({ id }: { id: string }): JSX.Element {
  return <>{useQuery(askRun(id)).data?.name ?? id.slice(0, 12)}</>;
}
