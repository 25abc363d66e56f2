import { rivulet } from "../api/client.ts";
import { refresh, refreshLists } from "../api/query-client.ts";
import { type BulkWrites, counted, PER_CALL, type TagChange } from "../lists/bulk/bulk-writes.ts";

/** What can be done to many runs. */
export const RUN_WRITES: BulkWrites = {
  tag: (ids, change) => written("run", rivulet.runs.updateMany(ids, given(change))),
  remove: (ids) => written("run", rivulet.runs.deleteMany(ids)),
  restore: (ids) => written("run", rivulet.runs.restoreMany(ids)),
  purge: async (ids, { dryRun }) => {
    const parts = await inParts(ids, (some) => rivulet.runs.purge({ ids: some, dryRun }));
    // The page of what is gone must not ask for it again.
    if (!dryRun) await refreshLists("run");
    const along = ["all points, params and tags", "files"];
    return { count: sumOf(parts, "count"), kept: parts.flatMap(({ kept }) => kept), along };
  },
};

/** What can be done to many traces. */
export const TRACE_WRITES: BulkWrites = {
  tag: (ids, change) => written("trace", rivulet.traces.updateMany(ids, given(change))),
  remove: (ids) => written("trace", rivulet.traces.delete(ids)),
  goesWith: "Their spans, messages and feedback go with them.",
};

/** What can be done to several experiments; their runs go and come back with them. */
export const EXPERIMENT_WRITES: BulkWrites = {
  remove: (ids) =>
    written(
      "experiment",
      each(ids, (id) => rivulet.experiments.delete(id)),
    ),
  restore: (ids) =>
    written(
      "experiment",
      each(ids, (id) => rivulet.experiments.restore(id)),
    ),
  hiddenWith: async (ids) => {
    const runs = await rivulet.runs.count({ experimentIds: ids });
    return runs === 0 ? "" : `${ids.length === 1 ? "its" : "their"} ${counted(runs, "run")}`;
  },
  purge: async (ids, { dryRun }) => {
    const parts = await inParts(ids, (some) => rivulet.experiments.purge({ ids: some, dryRun }));
    if (!dryRun) await Promise.all((["experiment", "run", "trace"] as const).map(refreshLists));
    const along = [
      counted(sumOf(parts, "runs"), "run"),
      counted(sumOf(parts, "traces"), "trace"),
      "evaluations and saved views",
    ];
    return { count: sumOf(parts, "count"), kept: parts.flatMap(({ kept }) => kept), along };
  },
};

async function inParts<T>(
  ids: readonly string[],
  call: (some: readonly string[]) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let start = 0; start < ids.length; start += PER_CALL)
    answers.push(await call(ids.slice(start, start + PER_CALL)));
  return answers;
}

function sumOf<Name extends string>(
  parts: readonly Readonly<Record<Name, number>>[],
  name: Name,
): number {
  return parts.reduce((sum, part) => sum + part[name], 0);
}

function given({ tags, removeTags }: TagChange): Partial<TagChange> {
  return removeTags.length > 0 ? { removeTags } : { tags };
}

async function each(
  ids: readonly string[],
  call: (id: string) => Promise<unknown>,
): Promise<undefined> {
  for (const id of ids) await call(id);
}

async function written<T>(subject: "run" | "trace" | "experiment", work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await refresh(subject);
  }
}
