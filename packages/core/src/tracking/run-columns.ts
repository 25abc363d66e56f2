import { RivuletError, type Run } from "@rivulet/domain";
import type { Column } from "../tables/table.ts";

/** What every run has of itself. */
const OWN: readonly Column<Run>[] = [
  { name: "id", type: "text", value: ({ id }) => id },
  { name: "experimentId", type: "text", value: ({ experimentId }) => experimentId },
  { name: "name", type: "text", value: ({ name }) => name },
  { name: "status", type: "text", value: ({ status }) => status },
  { name: "statusMessage", type: "text", value: ({ statusMessage }) => statusMessage },
  { name: "startTime", type: "time", value: ({ startTime }) => startTime },
  { name: "endTime", type: "time", value: ({ endTime }) => endTime },
  { name: "parentRunId", type: "text", value: ({ parentRunId }) => parentRunId },
  { name: "userId", type: "text", value: ({ userId }) => userId },
  { name: "lifecycleStage", type: "text", value: ({ lifecycleStage }) => lifecycleStage },
];

/** The values that runs have by keys. */
type Group = "params" | "metrics" | "tags";

const GROUPS: readonly Group[] = ["params", "metrics", "tags"];

/** The keys of each group. */
export type KeysByGroup = Readonly<Record<Group, Set<string>>>;

/** No keys yet. */
export function noKeys(): KeysByGroup {
  return { params: new Set(), metrics: new Set(), tags: new Set() };
}

/** Adds the keys of a run. */
export function addKeys(keys: KeysByGroup, run: Run): void {
  for (const group of GROUPS) {
    for (const key of Object.keys(run[group])) keys[group].add(key);
  }
}

/** Columns for everything that runs with these keys have: their own fields, then the keys of each group, sorted. */
export function allColumns(keys: KeysByGroup): readonly Column<Run>[] {
  return [
    ...OWN,
    ...GROUPS.flatMap((group) => [...keys[group]].sort().map((key) => keyColumn(group, key))),
  ];
}

/** The columns of these names: `name`, `params.lr`. @throws RivuletError `invalid_argument` for one that runs cannot have */
export function namedColumns(names: readonly string[]): readonly Column<Run>[] {
  return names.map((name) => {
    const own = OWN.find((column) => column.name === name);
    if (own !== undefined) return own;
    const group = GROUPS.find((one) => name.startsWith(`${one}.`) && name.length > one.length + 1);
    if (group !== undefined) return keyColumn(group, name.slice(group.length + 1));
    throw new RivuletError(
      "invalid_argument",
      `query.columns: runs have no "${name}". Columns are ${OWN.map((column) => column.name).join(", ")}, and params.KEY, metrics.KEY and tags.KEY.`,
      { details: { field: "query.columns" } },
    );
  });
}

function keyColumn(group: Group, key: string): Column<Run> {
  return {
    name: `${group}.${key}`,
    type: group === "metrics" ? "number" : "text",
    value: (run) => (Object.hasOwn(run[group], key) ? run[group][key] : undefined),
  };
}
