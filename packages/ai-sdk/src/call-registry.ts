import type { Rivulet } from "@rivulet/core";
import { createAbandonWatchdog } from "./abandon-watchdog.ts";
import type { SdkCall } from "./sdk-call.ts";

/** The calls of one telemetry object that are going on. */
export interface CallRegistry {
  /** Adds a call, unless another telemetry object of the same client records it already. */
  open(identity: CallIdentity, begin: () => SdkCall): void;
  /** The call. When it was given up, it is back. */
  get(id: unknown): SdkCall | undefined;
  /** The call has ended. */
  close(id: unknown): void;
  /** A call that ended lately and of which a failure may still be told. */
  ended(id: unknown): SdkCall | undefined;
}

/** What tells a call from others. */
export interface CallIdentity {
  readonly id: unknown;
  readonly rivulet: Rivulet;
  /** What all telemetry objects know its start by. @default id */
  readonly start?: unknown;
}

/** Beyond these the oldest are forgotten; their spans stay as they are, for the client's watchdog. */
const MAX_OPEN = 10_000;
const MAX_ENDED = 512;

/** Start of the call that a client began to record last. */
const latestStarts = new WeakMap<Rivulet, { start: unknown }>();

/** Makes a {@link CallRegistry}. A call without news for `abandonAfterMs` whose consumer left is ended. */
export function createCallRegistry(abandonAfterMs: number): CallRegistry {
  const calls = new Map<unknown, SdkCall>();
  const ended = new Map<unknown, SdkCall>();
  const forget = (id: unknown): boolean => calls.delete(id);
  const watchdog = createAbandonWatchdog(calls, { abandonAfterMs, forget });

  return {
    open({ id, rivulet, start = id }, begin): void {
      if (calls.has(id) || !claim(rivulet, start)) return;
      if (calls.size >= MAX_OPEN) forgetOldest(calls);
      const call = begin();
      calls.set(id, call);
      if (call.leavable) watchdog.watch();
    },
    get(id): SdkCall | undefined {
      const call = calls.get(id);
      if (call !== undefined) call.abandoned = false;
      return call;
    },
    close(id): void {
      const call = calls.get(id);
      if (call === undefined) return;
      calls.delete(id);
      if (!call.mayFailLate) return;
      if (ended.size >= MAX_ENDED) forgetOldest(ended);
      ended.set(id, call);
    },
    ended: (id) => ended.get(id),
  };
}

/** Two telemetry objects of one client are told of a start right after each other; the first records it. */
function claim(rivulet: Rivulet, start: unknown): boolean {
  const latest = latestStarts.get(rivulet);
  if (latest === undefined) latestStarts.set(rivulet, { start });
  else if (latest.start === start) return false;
  else latest.start = start;
  return true;
}

function forgetOldest(calls: Map<unknown, SdkCall>): void {
  const oldest = calls.keys().next();
  if (oldest.done !== true) calls.delete(oldest.value);
}
