import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { Context } from "../context.ts";
import { optionsSchema, parseInput } from "../validation.ts";
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

/** Deletes the oldest traces until no more are left than is to be kept. @throws RivuletError `invalid_argument` */
export async function prune(
  { store, now }: Pick<Context, "store" | "now">,
  retention: TraceRetention,
): Promise<number> {
  const { maxAgeMs, maxTraces, maxBytes } = checkRetention(retention);
  const { traces } = await store();
  const upTo = await traces.surplus({
    ...(maxAgeMs === undefined ? {} : { before: now() - maxAgeMs }),
    ...(maxTraces === undefined ? {} : { maxCount: maxTraces }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  if (upTo === undefined) return 0;
  // Other processes may do the same at the same time: each deletes up to there, and no more.
  const all = { where: [], experimentIds: [], upTo };
  return inSteps((limit) => traces.deleteFound({ ...all, limit }));
}

/** What the client prunes by itself. */
export interface Retention {
  /** Traces that it has deleted. */
  pruned(): number;
  stop(): void;
}

/** Prunes soon after the start, and now and then; without a retention, never. */
export function startRetention(
  context: Pick<Context, "store" | "now" | "reportError">,
  retention: TraceRetention | undefined,
): Retention {
  let pruned = 0;
  let isStopped = retention === undefined;
  let timer: NodeJS.Timeout | undefined;

  const round = async (policy: TraceRetention): Promise<void> => {
    try {
      pruned += await prune(context, policy);
    } catch (error) {
      if (!(error instanceof RivuletError && error.code === "closed")) context.reportError(error);
    }
    if (!isStopped) timer = setTimeout(round, ROUND_MS, policy).unref();
  };
  if (retention !== undefined) timer = setTimeout(round, FIRST_AFTER_MS, retention).unref();
  return {
    pruned: () => pruned,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
