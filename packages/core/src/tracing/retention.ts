import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { RetentionBound, RetentionNotes, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { optionsSchema, parseInput } from "../validation.ts";
import {
  DEFAULT_RETENTION,
  doubtOf,
  firstRemovalAt,
  GIVEN_FOR_MS,
  noticeOf,
  policyText,
} from "./default-retention.ts";
import { lookAtClock } from "./steady-clock.ts";
import type { TraceRetention } from "./traces.ts";

/** Traces that are deleted in one transaction: some milliseconds. */
const STEP = 100;
/** Between two steps, so that what is being recorded comes first. */
const PAUSE_MS = 10;
const FIRST_AFTER_MS = 10_000;
const ROUND_MS = 10 * 60_000;

/** Schema of {@link TraceRetention}. */
export const retentionSchema: z.ZodType<TraceRetention> = optionsSchema(() => ({
  maxAgeMs: z
    .number()
    .positive()
    .describe("Keep the younger ones, in milliseconds")
    .exactOptional(),
  maxTraces: z.int().nonnegative().describe("Keep this many of the newest").exactOptional(),
  maxBytes: z.number().positive().describe("Keep the newest of this many bytes").exactOptional(),
  includeProtected: z
    .boolean()
    .describe(
      "Also those that are pinned, assessed, of an evaluation or in a dataset; default false",
    )
    .exactOptional(),
}));

/** Checks a retention. @throws RivuletError `invalid_argument` */
export function checkRetention(retention: unknown): TraceRetention {
  return parseInput(retentionSchema, retention, "retention");
}

/** Deletes step by step until one deletes less than it may. Returns how many were deleted. */
export async function inSteps(
  step: (limit: number) => Promise<readonly string[]>,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { length } = await step(STEP);
    deleted += length;
    if (length < STEP) return deleted;
    await pause(PAUSE_MS);
  }
}

/** What a round of retention deleted, and which bounds those traces were beyond. */
interface Pruned {
  readonly deleted: number;
  readonly because: readonly RetentionBound[];
}

/** Deletes the oldest traces until no more are left than is to be kept. @throws RivuletError `invalid_argument` */
export async function prune(
  context: Pick<Context, "store" | "now">,
  retention: TraceRetention,
): Promise<number> {
  const policy = checkRetention(retention);
  return (await pruneBy(context, policy)).deleted;
}

async function pruneBy(
  { store, now }: Pick<Context, "store" | "now">,
  { maxAgeMs, maxTraces, maxBytes, includeProtected = false }: TraceRetention,
): Promise<Pruned> {
  const { traces } = await store();
  const at = now();
  const bounds = [
    ["age", maxAgeMs === undefined ? undefined : { before: at - maxAgeMs }],
    ["count", maxTraces === undefined ? undefined : { maxCount: maxTraces }],
    ["size", maxBytes === undefined ? undefined : { maxBytes }],
  ] as const;
  let deleted = 0;
  const because: RetentionBound[] = [];
  for (const [bound, policy] of bounds) {
    const upTo = policy && (await traces.surplus(policy));
    if (upTo === undefined) continue;
    // Other processes may do the same at the same time: each deletes up to there, and no more.
    const count = await pruneUpTo(traces, { upTo, includeProtected });
    if (count > 0) because.push(bound);
    deleted += count;
  }
  if (deleted > 0) await traces.noteRetention({ last: { at, deleted, because } });
  return { deleted, because };
}

type PruneQuery = Parameters<Store["traces"]["prune"]>[0];

async function pruneUpTo(
  traces: Store["traces"],
  query: Omit<PruneQuery, "limit">,
): Promise<number> {
  let count = 0;
  for (;;) {
    const { deleted, isDone } = await traces.prune({ ...query, limit: STEP });
    count += deleted.length;
    if (isDone) return count;
    await pause(PAUSE_MS);
  }
}

/** How long a client keeps traces: by itself, or not at all; `undefined` is the default. */
export type GivenRetention = TraceRetention | false | undefined;

/** What the client prunes by itself. */
export interface Retention {
  /** Traces that it has deleted. */
  pruned(): number;
  stop(): void;
}

/** What {@link startRetention} works with. */
export interface RetentionParts extends Pick<Context, "store" | "now" | "reportError"> {
  /** Tells people, in one line. */
  readonly tell: (notice: string) => void;
}

/** Prunes soon after the start, and now and then. */
export function startRetention(context: RetentionParts, given: GivenRetention): Retention {
  let pruned = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const round = async (): Promise<void> => {
    try {
      const policy = await policyNow(context, given);
      if (policy !== undefined) {
        pruned += (await pruneBy(context, await withoutDoubt(context, policy))).deleted;
      }
    } catch (error) {
      if (!(error instanceof RivuletError && error.code === "closed")) context.reportError(error);
    }
    if (!isStopped) timer = setTimeout(round, ROUND_MS).unref();
  };
  timer = setTimeout(round, FIRST_AFTER_MS).unref();
  return {
    pruned: () => pruned,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** A policy without its age while the clock is in doubt, of which people are told. */
async function withoutDoubt(
  { store, now, tell }: RetentionParts,
  policy: TraceRetention,
): Promise<TraceRetention> {
  const { maxAgeMs, ...rest } = policy;
  if (maxAgeMs === undefined) return policy;
  const { jumpedBy, waitUntil } = await lookAtClock(await store(), now());
  if (waitUntil === undefined) return policy;
  if (jumpedBy !== undefined) tell(doubtOf(jumpedBy, waitUntil));
  return rest;
}

/** What a client deletes by now; `undefined` when nothing. */
async function policyNow(
  { store, now, tell }: RetentionParts,
  given: GivenRetention,
): Promise<TraceRetention | undefined> {
  // Whoever opens the store reports why it cannot be opened.
  const opened = await store().catch(() => undefined);
  if (opened === undefined || opened.info.readOnly === true) return undefined;
  if (given !== undefined) {
    await noteGiven(opened, now());
    return given === false ? undefined : given;
  }
  // What is in memory goes with the process.
  if (opened.info.driver === "memory") return undefined;
  const notes = await opened.traces.retention();
  if (isGivenElsewhere(notes, now())) return undefined;
  const notice = { at: now(), policy: policyText(DEFAULT_RETENTION) };
  if (await opened.traces.tellRetention(notice)) {
    tell(noticeOf(opened.info.url, notice.at));
    return undefined;
  }
  const { told } = await opened.traces.retention();
  // It was told while the clock was ahead: then nothing would be removed until it is there again.
  if (told !== undefined && told.at > notice.at + DAY_MS) {
    await opened.traces.noteRetention({ told: notice });
    return undefined;
  }
  return told !== undefined && now() >= firstRemovalAt(told.at) ? DEFAULT_RETENTION : undefined;
}

const DAY_MS = 86_400_000;

/** Clients without the option leave the store alone then, such as that of `rivulet serve`. */
async function noteGiven({ info, traces }: Store, at: number): Promise<void> {
  if (info.driver === "memory") return;
  const { givenAt = Number.NEGATIVE_INFINITY } = await traces.retention();
  // Also when the clock was ahead.
  if (Math.abs(at - givenAt) >= DAY_MS) await traces.noteRetention({ givenAt: at });
}

/** Whether another client of the store was given a retention, or none, not long ago. */
function isGivenElsewhere({ givenAt }: RetentionNotes, at: number): boolean {
  return givenAt !== undefined && Math.abs(at - givenAt) < GIVEN_FOR_MS;
}
