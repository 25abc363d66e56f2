import type { Rivulet } from "@rivulet/core";
import { fieldOf } from "./read-value.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { SdkListener } from "./sdk-event.ts";
import type { RivuletTelemetryOptions } from "./telemetry-options.ts";
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
  return createTelemetry(() => rivulet, options);
}

/** {@link rivuletTelemetry} on a client that may change. */
export function createTelemetry(
  rivulet: () => Rivulet,
  options: RivuletTelemetryOptions = {},
): RivuletTelemetry {
  const recorder = createRecorder(rivulet, options);
  const seven = { ...createTextHandlers(recorder), ...createLeafHandlers(recorder) };
  return addVersion6(seven, recorder);
}

const IGNORED: SdkListener = () => undefined;

/**
 * AI SDK 6 does not say which call an event is of, but it reads all six of its listeners once per call,
 * `onStart` first: so they are getters, and each call gets listeners of its own. AI SDK 7 knows two of the
 * names, and tells its events apart by `callId`.
 */
function addVersion6(seven: TextHandlers & LeafHandlers, recorder: Recorder): RivuletTelemetry {
  let reading: { listeners: CallListeners | undefined; six: boolean } | undefined;

  function listenersOf(call: NonNullable<typeof reading>): CallListeners {
    call.listeners ??= createCallListeners(recorder);
    return call.listeners;
  }

  function shared(name: "onStart" | "onStepStart"): SdkListener {
    const call = reading;
    return (event) => {
      if (fieldOf(event, "callId") !== undefined) seven[name](event);
      else if (call !== undefined) listenersOf(call)[name](event);
    };
  }

  function own(name: Exclude<keyof CallListeners, "onStart" | "onStepStart">): SdkListener {
    const call = reading;
    return call === undefined ? IGNORED : (event) => listenersOf(call)[name](event);
  }

  return Object.defineProperties({ ...seven } as RivuletTelemetry, {
    onStart: getter(() => {
      reading = { listeners: takeDisplacement() ? IGNORING : undefined, six: false };
      return shared("onStart");
    }),
    onStepStart: getter(() => shared("onStepStart")),
    onToolCallStart: getter(() => {
      if (reading !== undefined) reading.six = true;
      return own("onToolCallStart");
    }),
    onToolCallFinish: getter(() => own("onToolCallFinish")),
    // AI SDK 7 reads this one as well, and would tell the end of a step twice.
    onStepFinish: getter(() => (reading?.six === true ? own("onStepFinish") : undefined)),
    onFinish: getter(() => {
      const listener = own("onFinish");
      reading = undefined;
      return listener;
    }),
  });
}

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
