import { rivulet } from "../api/client.ts";
import { refresh } from "../api/query-client.ts";
import type { BulkWrites, TagChange } from "../lists/bulk/bulk-writes.ts";

/** What can be done to many runs. */
export const RUN_WRITES: BulkWrites = {
  tag: (ids, change) => written("run", rivulet.runs.updateMany(ids, given(change))),
  remove: (ids) => written("run", rivulet.runs.deleteMany(ids)),
  restore: (ids) => written("run", rivulet.runs.restoreMany(ids)),
};

/** What can be done to many traces. */
export const TRACE_WRITES: BulkWrites = {
  tag: (ids, change) => written("trace", rivulet.traces.updateMany(ids, given(change))),
  remove: (ids) => written("trace", rivulet.traces.delete(ids)),
  goesWith: "Their spans, messages and feedback go with them.",
};

/** What can be done to several experiments; their runs and traces stay. */
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
};

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
