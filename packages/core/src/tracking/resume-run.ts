import { createHash } from "node:crypto";
import { type LifecycleStage, RivuletError, type Run, type StringMap } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { notFound } from "../reference.ts";

/** Whether a run that is there already goes on: never, if it is there, or it must be there. */
export type Resume = "never" | "allow" | "must";

/** Key → the highest step of a run, so that points without a step go on behind it. */
export async function lastStepsOf(
  { runs }: Pick<Store, "runs">,
  runId: string,
): Promise<ReadonlyMap<string, number>> {
  const summaries = await runs.metricSummaries({ runIds: [runId] });
  return new Map(summaries.map(({ key, lastStep }) => [key, lastStep]));
}

/** What is said anew of a run that goes on. */
export interface Resumed {
  readonly id: string;
  /** The engine that becomes an owner of it. @default none */
  readonly owner: string | undefined;
  /** The experiment that it must be in. @default any */
  readonly experimentId: string | undefined;
  readonly params: StringMap;
  readonly tags: StringMap;
}

/**
 * A run goes on: it is running, and has no end.
 *
 * @throws RivuletError `not_found`; `conflict` while it is deleted, for another experiment, or for a param that has
 * another value
 */
export async function resumeRun(store: Store, resumed: Resumed): Promise<Run> {
  const { id, owner, experimentId, params, tags } = resumed;
  const found = await store.runs.get(id);
  if (found === undefined) throw notFound("run", id);
  if (experimentId !== undefined && experimentId !== found.experimentId) {
    const message = `Run "${id}" is of experiment ${found.experimentId}, not of ${experimentId}. Resume it without an experiment.`;
    throw new RivuletError("conflict", message, { details: { id } });
  }
  const own = owner === undefined ? {} : { owner };
  if (Object.keys(params).length > 0) await store.runs.logBatch({ runId: id, params, ...own });
  return store.runs.update({ id, status: "running", endTime: null, tags, ...own });
}

/** The name of a run in its experiment. */
interface NamePlace {
  readonly experimentId: string;
  readonly name: string;
}

/** The newest run of this name in an experiment. */
export async function findByName(
  { runs }: Pick<Store, "runs">,
  { experimentId, name }: NamePlace,
  lifecycle: LifecycleStage = "active",
): Promise<Run | undefined> {
  const field = { kind: "attribute", key: "name" } as const;
  const { items } = await runs.search({
    where: [{ field, operator: "=", value: name }],
    order: [],
    experimentIds: [experimentId],
    lifecycle,
    limit: 1,
  });
  return items[0];
}

/**
 * The id of the run that several processes make of one name at the same time: the same for all of them. One that a
 * deleted run has, or one that has another name since, is followed by another.
 */
export async function freeIdOf(store: Pick<Store, "runs">, place: NamePlace): Promise<string> {
  let id = idOfName(place, (await findByName(store, place, "deleted"))?.id);
  for (;;) {
    const found = await store.runs.get(id);
    if (found === undefined) return id;
    if (found.lifecycleStage === "active" && found.name === place.name) return id;
    id = idOfName(place, id);
  }
}

function idOfName({ experimentId, name }: NamePlace, after?: string): string {
  const place = after === undefined ? `${experimentId}/${name}` : `${after}/${name}`;
  return createHash("sha256").update(place).digest("hex").slice(0, 32);
}
