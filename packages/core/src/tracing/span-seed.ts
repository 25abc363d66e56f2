import type { SpanType } from "@rivulet/domain";
import { asName } from "./as-text.ts";
import type { ExperimentRef } from "./experiment-refs.ts";
import type { Lineage } from "./lineage.ts";
import type { SpanState } from "./span-state.ts";
import { timeOf } from "./span-time.ts";

/** What a span starts as. */
export interface SpanSeed {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  /** The line of spans above it, when they are recorded here. */
  readonly above?: Lineage | undefined;
  readonly experiment: ExperimentRef;
  readonly name: string;
  readonly type: SpanType;
  /** @default now */
  readonly startTime?: number | undefined;
}

/** A span of which nothing more is known. */
export function startState(seed: SpanSeed, now: () => number): SpanState {
  return {
    traceId: seed.traceId,
    id: seed.id,
    parentId: seed.parentId,
    lineage: {
      id: seed.id,
      parent: seed.above,
      usageBelow: false,
      idleRounds: 0,
      sessionId: undefined,
    },
    experiment: seed.experiment,
    type: seed.type,
    startTime: timeOf(seed.startTime) ?? now(),
    name: asName(seed.name),
    status: "in_progress",
    statusMessage: undefined,
    endTime: undefined,
    input: undefined,
    output: undefined,
    attributes: undefined,
    events: undefined,
    dropped: { attributes: 0, events: 0, tags: 0 },
    usage: undefined,
    cost: undefined,
    model: undefined,
    provider: undefined,
    timeToFirstTokenMs: undefined,
    prompts: undefined,
    trace: undefined,
    held: 0,
  };
}
