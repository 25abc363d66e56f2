import { tracingChannel } from "node:diagnostics_channel";
import type { ActiveSpan, Rivulet } from "@rivulet/core";
import { processState } from "../sdk/process-state.ts";
import { fieldOf } from "../sdk/read-value.ts";
import { type SdkCall, spanAround, startStep } from "./sdk-call.ts";

/** What AI SDK 7 tells on its channel. */
interface ChannelMessage {
  readonly type?: unknown;
  readonly event?: unknown;
}

const clients = processState("running-calls", () => new WeakMap<Rivulet, Map<unknown, SdkCall>>());

/** The calls of a client that are going on, by the id that the SDK gives them. */
export function runningCalls(rivulet: Rivulet): Map<unknown, SdkCall> {
  const known = clients.get(rivulet);
  if (known !== undefined) return known;
  const calls = new Map<unknown, SdkCall>();
  clients.set(rivulet, calls);
  return calls;
}

/** A call has started. */
export function addRunningCall(id: unknown, call: SdkCall): void {
  runningCalls(call.rivulet).set(id, call);
  // The code around it finds it now, and keeps it: when it asks later, the call may be over.
  call.rivulet.activeSpan();
}

const bound = processState("bound-clients", () => new WeakSet<Rivulet>());

/**
 * Makes what a call of AI SDK 7 runs of its user's a child of the call: `prepareStep`, `stopWhen`, `onStepFinish` and
 * the like. Its telemetry only encloses models and tools; its channel encloses the whole call.
 */
export function nestInCalls(rivulet: Rivulet): void {
  if (bound.has(rivulet)) return;
  bound.add(rivulet);
  const calls = runningCalls(rivulet);
  const { start } = tracingChannel<unknown, ChannelMessage>("ai:telemetry");
  try {
    rivulet.bindChannel(start, (message) => enter(calls, message));
  } catch {
    // A client that cannot do this cannot do what it would tell about either: the first call reports it.
  }
}

/** Models and tools have a context of their own. */
const ENCLOSED: ReadonlySet<unknown> = new Set(["languageModelCall", "executeTool"]);

function enter(
  calls: ReadonlyMap<unknown, SdkCall>,
  { type, event }: ChannelMessage,
): (() => ActiveSpan | undefined) | undefined {
  const id = fieldOf(event, "callId");
  if (id === undefined || ENCLOSED.has(type)) return undefined;
  if (type === "step") openStep(calls.get(id), fieldOf(event, "stepNumber"));
  // The call is not known before its first event, which comes within; and what it has started may go on after its end.
  let call = calls.get(id);
  return () => {
    call ??= calls.get(id);
    return call === undefined ? undefined : spanAround(call);
  };
}

function openStep(call: SdkCall | undefined, number: unknown): void {
  if (call !== undefined && number === call.steps.length) startStep(call);
}
