import type { Rivulet } from "@rivulet/core";
import { createAbandonWatchdog } from "./abandon-watchdog.ts";
import type { SdkCall } from "./sdk-call.ts";

/** The calls of one telemetry object that are going on. */
export interface CallRegistry {
  /** Adds a call, unless another telemetry object of the same client records it already. */
  open(id: unknown, start: () => SdkCall, rivulet: Rivulet): void;
  /** The call, with its time of last news set to now. */
  get(id: unknown): SdkCall | undefined;
  /** The call has ended. It can be asked for with `ended` for a while. */
  close(id: unknown): void;
  /** A call that ended lately: of some failures the SDK tells after the end. */
  ended(id: unknown): SdkCall | undefined;
  /** How many are going on. */
  size(): number;
}

/** Beyond these the oldest are forgotten; their spans stay as they are, for the client's watchdog. */
const MAX_OPEN = 10_000;
const MAX_ENDED = 512;

const claims = new WeakMap<Rivulet, Set<unknown>>();

/** Makes a {@link CallRegistry}. A call without news for `abandonAfterMs` whose consumer left is ended. */
export function createCallRegistry(abandonAfterMs: number): CallRegistry {
  const calls = new Map<unknown, SdkCall>();
  const ended = new Map<unknown, SdkCall>();
  const watchdog = createAbandonWatchdog(calls, { abandonAfterMs, forget });

  function forget(id: unknown, call: SdkCall): void {
    calls.delete(id);
    claims.get(call.rivulet)?.delete(id);
  }

  return {
    open(id, start, rivulet): void {
      if (calls.has(id) || !claim(rivulet, id)) return;
      if (calls.size >= MAX_OPEN) forgetOldest(calls, forget);
      const call = start();
      calls.set(id, call);
      if (call.leavable) watchdog.watch();
    },
    get(id): SdkCall | undefined {
      const call = calls.get(id);
      if (call === undefined) return undefined;
      call.lastNews = call.rivulet.now();
      call.abandoned = false;
      return call;
    },
    close(id): void {
      const call = calls.get(id);
      if (call === undefined) return;
      forget(id, call);
      if (ended.size >= MAX_ENDED) forgetOldest(ended, (oldest) => ended.delete(oldest));
      ended.set(id, call);
    },
    ended: (id) => ended.get(id),
    size: () => calls.size,
  };
}

function claim(rivulet: Rivulet, id: unknown): boolean {
  const claimed = claims.get(rivulet);
  if (claimed === undefined) claims.set(rivulet, new Set([id]));
  else if (claimed.has(id)) return false;
  else claimed.add(id);
  return true;
}

function forgetOldest(
  calls: ReadonlyMap<unknown, SdkCall>,
  forget: (id: unknown, call: SdkCall) => void,
): void {
  for (const [id, call] of calls) {
    forget(id, call);
    return;
  }
}
