import type { Rivulet } from "@rivulet/core";
import { createRecorder, type Recorder, report } from "./calls/recorder.ts";
import { nestInCalls } from "./calls/running-calls.ts";
import { fieldOf } from "./sdk/read-value.ts";
import type { SdkListener } from "./sdk/sdk-event.ts";
import { checkTelemetryOptions, type RivuletTelemetryOptions } from "./telemetry-options.ts";
import { type CallListeners, createCallListeners } from "./v6/call-listeners.ts";
import { takeDisplacement } from "./v6/displacement.ts";
import { createLeafHandlers, type LeafHandlers } from "./v7/leaf-handlers.ts";
import { createTextHandlers, type TextHandlers } from "./v7/text-handlers.ts";

/** A telemetry integration of both AI SDK 7 and AI SDK 6. */
export interface RivuletTelemetry extends TextHandlers, LeafHandlers, CallListeners {}

/**
 * Records what the AI SDK does: for `registerTelemetry` of AI SDK 7, `registerTelemetryIntegration` of AI SDK
 * 6 (6.0.111 or newer), or a call's own `telemetry.integrations`. It never throws into the SDK; failures of
 * its own go to the client's `onError`.
 */
export function rivuletTelemetry(
  rivulet: Rivulet,
  options: RivuletTelemetryOptions = {},
): RivuletTelemetry {
  checkTelemetryOptions(options, (error) => report(() => rivulet, error));
  nestInCalls(rivulet);
  return createTelemetry(
    () => rivulet,
    () => options,
  );
}

/** {@link rivuletTelemetry} on a client and with options that may change. */
export function createTelemetry(
  rivulet: () => Rivulet,
  options: () => RivuletTelemetryOptions,
): RivuletTelemetry {
  const recorder = createRecorder(rivulet, options);
  const seven = { ...createTextHandlers(recorder), ...createLeafHandlers(recorder) };
  return addVersion6(seven, recorder);
}

/** One time that the SDK reads the listeners, which it does for each call. */
interface Reading {
  listeners: CallListeners | undefined;
  version: 6 | 7 | undefined;
}

/**
 * AI SDK 6 does not say which call an event is of, but it reads all six of its listeners once per call,
 * `onStart` first: so they are getters, and each call gets listeners of its own. AI SDK 7 reads three of the
 * names as well; it tells its events apart by `callId`, and need not be told of by the other two.
 */
function addVersion6(seven: TextHandlers & LeafHandlers, recorder: Recorder): RivuletTelemetry {
  let reading: Reading | undefined;
  let readsAs7 = false;

  /** Listens to the call that is being read, and to nothing of AI SDK 7. */
  function own(name: keyof CallListeners): SdkListener {
    const call = reading;
    if (call === undefined) return IGNORED;
    return (event) => {
      if (isOf7(event)) return;
      call.listeners ??= createCallListeners(recorder);
      call.listeners[name](event);
    };
  }

  return Object.defineProperties({ ...seven } as RivuletTelemetry, {
    // Only AI SDK 7 reads this one: in its newer releases before `onStart`, so that the others know.
    onStepEnd: getter(() => {
      readsAs7 = true;
      return undefined;
    }),
    // AI SDK 7 reads this one at the end, and 6 does not.
    onEnd: getter(() => {
      readsAs7 = false;
      return seven.onEnd;
    }),
    onStart: getter(() => {
      const version = readsAs7 ? 7 : undefined;
      readsAs7 = false;
      reading = { listeners: takeDisplacement() ? IGNORING : undefined, version };
      if (version === 7) return seven.onStart;
      const onStart6 = own("onStart");
      return (event) => (isOf7(event) ? seven.onStart(event) : onStart6(event));
    }),
    onStepStart: getter(() => (reading?.version === 7 ? undefined : own("onStepStart"))),
    onToolCallStart: getter(() => {
      if (reading !== undefined) reading.version = 6;
      return own("onToolCallStart");
    }),
    onToolCallFinish: getter(() => own("onToolCallFinish")),
    onStepFinish: getter(() => (reading?.version === 6 ? own("onStepFinish") : undefined)),
    onFinish: getter(() => {
      const listener = own("onFinish");
      reading = undefined;
      return listener;
    }),
  });
}

function isOf7(event: unknown): boolean {
  try {
    return fieldOf(event, "callId") !== undefined;
  } catch {
    return false;
  }
}

const IGNORED: SdkListener = () => undefined;

const IGNORING: CallListeners = Object.freeze({
  onStart: IGNORED,
  onStepStart: IGNORED,
  onToolCallStart: IGNORED,
  onToolCallFinish: IGNORED,
  onStepFinish: IGNORED,
  onFinish: IGNORED,
});

function getter(get: () => SdkListener | undefined): PropertyDescriptor {
  return { enumerable: true, configurable: true, get };
}
