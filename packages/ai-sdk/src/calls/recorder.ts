import type { Rivulet } from "@rivulet/core";
import type { RecordPolicy } from "../sdk/policy.ts";
import { processState } from "../sdk/process-state.ts";
import type { SdkEvent } from "../sdk/sdk-event.ts";
import { ABANDON_AFTER_MS, type RivuletTelemetryOptions } from "../telemetry-options.ts";
import { addRunningCall, runningCalls } from "./running-calls.ts";
import { abandonCall, isWaiting, type SdkCall } from "./sdk-call.ts";
import { rememberCall } from "./trace-id-of.ts";

/** What the handlers of both majors share. */
export interface Recorder {
  /** The client that new calls go to. */
  readonly rivulet: () => Rivulet;
  /** What new calls are recorded by. */
  readonly settings: () => CallSettings;
  readonly calls: CallRegistry;
  /** The work as a listener that never throws. */
  guard<A>(work: (event: SdkEvent & A) => void): (event: unknown) => void;
}

/** Options as calls take them. */
export interface CallSettings {
  readonly record: RecordPolicy;
  readonly experimentId: string | undefined;
}

/** Makes a {@link Recorder} whose options may change. */
export function createRecorder(
  rivulet: () => Rivulet,
  options: () => RivuletTelemetryOptions,
): Recorder {
  return {
    rivulet,
    settings: () => {
      const { recordInputs, recordOutputs, experimentId } = options();
      const record = { inputs: recordInputs !== false, outputs: recordOutputs !== false };
      return { record, experimentId };
    },
    calls: createCallRegistry(() => options().abandonAfterMs ?? ABANDON_AFTER_MS),
    guard: (work) => (event) => {
      try {
        work((event ?? {}) as Parameters<typeof work>[0]);
      } catch (error) {
        report(rivulet, error);
      }
    },
  };
}

/** Tells a defect of ours to the client, when there is one. */
export function report(rivulet: () => Rivulet, error: unknown): void {
  try {
    rivulet().reportError(error);
  } catch {
    // Nobody is left to tell: the default client could not be made.
  }
}

/** The calls of one telemetry object that are going on. */
interface CallRegistry {
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
interface CallIdentity {
  readonly id: unknown;
  readonly rivulet: Rivulet;
  /** What all telemetry objects know its start by. @default id */
  readonly start?: unknown;
}

/** Of calls that were given up, and of those that have ended, so many are remembered. */
const MAX_FORMER = 512;

/** Start of the call that a client began to record last. */
const latestStarts = processState(
  "latest-starts",
  () => new WeakMap<Rivulet, { start: unknown }>(),
);

/** Makes a {@link CallRegistry}. A call without news for `abandonAfterMs` whose consumer left is ended. */
function createCallRegistry(abandonAfterMs: () => number): CallRegistry {
  const calls = new Map<unknown, SdkCall>();
  const left = new Map<unknown, SdkCall>();
  const ended = new Map<unknown, SdkCall>();

  function watch(id: unknown, call: SdkCall): void {
    calls.set(id, call);
    addRunningCall(id, call);
    call.watch = call.rivulet.watchSpan(call.root, {
      abandonAfterMs: abandonAfterMs(),
      isWaiting: () => isWaiting(call),
      onAbandoned(end) {
        calls.delete(id);
        runningCalls(call.rivulet).delete(id);
        remember(left, id, call);
        abandonCall(call, end);
      },
    });
  }

  function comeBack(id: unknown): SdkCall | undefined {
    const call = left.get(id);
    if (call === undefined) return undefined;
    left.delete(id);
    calls.set(id, call);
    addRunningCall(id, call);
    call.watch?.touch();
    return call;
  }

  return {
    open({ id, rivulet, start = id }, begin): void {
      if (!calls.has(id) && !left.has(id) && claim(rivulet, start)) {
        const call = begin();
        rememberCall(id, call.root.traceId);
        watch(id, call);
      }
    },
    get: (id) => calls.get(id) ?? comeBack(id),
    close(id): void {
      const call = calls.get(id);
      if (call === undefined) return;
      calls.delete(id);
      runningCalls(call.rivulet).delete(id);
      call.watch?.stop();
      if (call.mayFailLate) remember(ended, id, call);
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

function remember(calls: Map<unknown, SdkCall>, id: unknown, call: SdkCall): void {
  const [oldest] = calls.size < MAX_FORMER ? [] : calls.keys();
  if (oldest !== undefined) calls.delete(oldest);
  calls.set(id, call);
}
