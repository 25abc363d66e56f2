import { setTimeout as pause } from "node:timers/promises";
import {
  type FailedChange,
  type Purged,
  type PurgedExperiments,
  RivuletError,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { DeletedPlace, DeletedQuery, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { optionsSchema } from "../validation.ts";
import { runIdsSchema } from "./run-input.ts";

/** What is removed for good: of what is deleted. */
export interface PurgeOptions {
  /** Only these, up to 1,000. @default all that are deleted */
  readonly ids?: readonly string[];
  /** Only what was deleted at least so many milliseconds ago. @default 0 */
  readonly olderThanMs?: number;
  /** Removes nothing, and says what it would. @default false */
  readonly dryRun?: boolean;
}

/** Schema of {@link PurgeOptions}. */
export const purgeSchema: z.ZodType<PurgeOptions> = optionsSchema(() => ({
  ids: runIdsSchema.describe("Only these; default all that are deleted").exactOptional(),
  olderThanMs: z
    .number()
    .nonnegative()
    .describe("Only what was deleted at least so many milliseconds ago; default 0")
    .exactOptional(),
  dryRun: z
    .boolean()
    .describe("Removes nothing, and says what it would; default false")
    .exactOptional(),
}));

/** Removed in one transaction: the store is in use meanwhile. */
const AT_ONCE = 50;
const PAUSE_MS = 5;
/** Reasons that are told. */
const MOST_KEPT = 1_000;

type PurgeContext = Pick<Context, "store" | "now">;

/** Removes deleted runs. */
export async function purgeRuns(context: PurgeContext, options: PurgeOptions): Promise<Purged> {
  const { ids, dryRun = false } = options;
  const { runs } = await context.store();
  const purge = (some: readonly string[]) => runs.purge({ ids: some, dryRun });
  if (ids !== undefined)
    return total(await inParts(await oldEnough(runs, context, options), purge));
  return total(await eachDeleted(bounds(context, options), runs.listDeleted, purge));
}

/** Removes deleted experiments with their runs, traces and evaluations. */
export async function purgeExperiments(
  context: PurgeContext,
  options: PurgeOptions,
): Promise<PurgedExperiments> {
  const { ids } = options;
  const store = await context.store();
  const sums = { runs: 0, traces: 0 };
  const purge = async (some: readonly string[]): Promise<PurgedPart> => {
    const part = { changed: [] as string[], failed: [] as FailedChange[] };
    for (const id of some) {
      try {
        await purgeExperiment(store, { id, dryRun: options.dryRun === true, sums });
        part.changed.push(id);
      } catch (error) {
        part.failed.push(failureOf(id, error));
      }
    }
    return part;
  };
  const { experiments } = store;
  const parts =
    ids === undefined
      ? await eachDeleted(bounds(context, options), experiments.listDeleted, purge)
      : [await purge(await oldEnough(experiments, context, options))];
  return { ...total(parts), ...sums };
}

interface ExperimentToPurge {
  readonly id: string;
  readonly dryRun: boolean;
  /** Takes what is removed with it. */
  readonly sums: { runs: number; traces: number };
}

async function purgeExperiment(
  { experiments, runs, traces }: Store,
  { id, dryRun, sums }: ExperimentToPurge,
): Promise<void> {
  const found = await experiments.get(id);
  if (found === undefined) {
    throw new RivuletError("not_found", `No experiment has the id "${id}".`, { details: { id } });
  }
  // The store says why it keeps one that is not deleted, before anything of it is removed.
  if (found.lifecycleStage === "active") return experiments.purge(id);
  const removed = total(
    await eachDeleted({ experimentId: id }, runs.listDeleted, (ids) => runs.purge({ ids, dryRun })),
  );
  sums.runs += removed.count;
  const [kept] = removed.kept;
  if (kept !== undefined) throw new RivuletError("conflict", kept.message, { details: { id } });
  sums.traces += dryRun
    ? await traces.count({ where: [], experimentIds: [id] })
    : await deleteTraces(traces, id);
  if (!dryRun) await experiments.purge(id);
}

/** Traces that are deleted in one transaction. */
const TRACES_AT_ONCE = 100;

async function deleteTraces(
  { deleteFound }: Store["traces"],
  experimentId: string,
): Promise<number> {
  const query = { where: [], experimentIds: [experimentId], limit: TRACES_AT_ONCE };
  let deleted = 0;
  for (;;) {
    const { length } = await deleteFound(query);
    deleted += length;
    if (length < TRACES_AT_ONCE) return deleted;
    await pause(PAUSE_MS);
  }
}

interface PurgedPart {
  readonly changed: readonly string[];
  readonly failed: readonly FailedChange[];
}

type Bounds = Omit<DeletedQuery, "limit" | "after">;

function bounds({ now }: PurgeContext, { olderThanMs }: PurgeOptions): Bounds {
  return olderThanMs === undefined ? {} : { upTo: now() - olderThanMs };
}

/** What can be deleted, by its id. */
interface Deletable {
  getMany(
    ids: readonly string[],
  ): Promise<readonly { readonly id: string; readonly deletedAt?: number }[]>;
}

/** Of what is named, that which was deleted long enough ago, and that which the store has to refuse. */
async function oldEnough(
  store: Deletable,
  { now }: PurgeContext,
  { ids = [], olderThanMs = 0 }: PurgeOptions,
): Promise<readonly string[]> {
  if (olderThanMs === 0) return ids;
  const young = (await store.getMany(ids)).filter(
    ({ deletedAt = 0 }) => deletedAt > now() - olderThanMs,
  );
  const left = new Set(young.map(({ id }) => id));
  return ids.filter((id) => !left.has(id));
}

/** Walks through all that is deleted, longest deleted first. */
async function eachDeleted(
  query: Bounds,
  list: (query: DeletedQuery) => Promise<readonly DeletedPlace[]>,
  purge: (ids: readonly string[]) => Promise<PurgedPart>,
): Promise<readonly PurgedPart[]> {
  const parts: PurgedPart[] = [];
  let after: DeletedPlace | undefined;
  do {
    const place = after === undefined ? {} : { after };
    const found = await list({ ...query, ...place, limit: AT_ONCE });
    after = found.at(-1);
    if (after !== undefined) parts.push(await purge(found.map(({ id }) => id)));
    await pause(PAUSE_MS);
  } while (after !== undefined);
  return parts;
}

async function inParts(
  ids: readonly string[],
  purge: (ids: readonly string[]) => Promise<PurgedPart>,
): Promise<readonly PurgedPart[]> {
  const parts: PurgedPart[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    parts.push(await purge(ids.slice(start, start + AT_ONCE)));
  }
  return parts;
}

function total(parts: readonly PurgedPart[]): Purged {
  return {
    count: parts.reduce((sum, { changed }) => sum + changed.length, 0),
    kept: parts.flatMap(({ failed }) => failed).slice(0, MOST_KEPT),
  };
}

/** @throws the error, if it is not about this experiment */
function failureOf(id: string, error: unknown): FailedChange {
  const { code, message } = error instanceof RivuletError ? error : { code: "", message: "" };
  if (code === "not_found" || code === "conflict") return { id, code, message };
  throw error;
}
