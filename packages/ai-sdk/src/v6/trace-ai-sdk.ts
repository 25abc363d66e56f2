import { type Rivulet, RivuletError } from "@rivulet/core";
import { tapMediaModel } from "../calls/media-call.ts";
import { runSeen } from "../calls/model-tap.ts";
import { createRecorder, type Recorder } from "../calls/recorder.ts";
import { isModel, tapModel } from "../calls/tapped-model.ts";
import { type Fields, fieldOf, fieldsOf } from "../sdk/read-value.ts";
import { checkTelemetryOptions, type RivuletTelemetryOptions } from "../telemetry-options.ts";
import { createCallTracer } from "./call-tracer.ts";
import { displaceIntegration } from "./displacement.ts";
import { knowResult, withKnownEvents } from "./known-results.ts";

const TEXT_FUNCTIONS = ["generateText", "streamText"] as const;
const OTHER_FUNCTIONS = ["generateObject", "streamObject", "embed", "embedMany", "rerank"] as const;
const MEDIA_FUNCTIONS = [
  "generateImage",
  "experimental_generateImage",
  "experimental_generateSpeech",
  "experimental_transcribe",
  "experimental_generateVideo",
] as const;
const AGENTS = ["ToolLoopAgent", "Experimental_Agent"] as const;

type SdkFunction = (options: Fields) => unknown;
type AgentClass = new (settings: Fields) => object;

/**
 * AI SDK 6 or 5 with every call recorded in full: errors, aborts, embeddings, objects and first tokens, which its
 * integrations are not told of. Use the functions of the result: `export const { generateText, streamText,
 * ToolLoopAgent } = traceAiSdk(ai, rivulet)`. A call with a tracer of its own, or with
 * `experimental_telemetry: { isEnabled: false }`, is left as it is.
 *
 * @throws {RivuletError} `unsupported` for AI SDK 7, where `rivuletTelemetry` sees all of it.
 */
export function traceAiSdk<T extends object>(
  ai: T,
  rivulet: Rivulet,
  options: RivuletTelemetryOptions = {},
): T {
  if ("registerTelemetry" in ai) {
    throw new RivuletError(
      "unsupported",
      "traceAiSdk is for AI SDK 5 and 6; with AI SDK 7 call registerTelemetry(rivuletTelemetry(rivulet)).",
    );
  }
  checkTelemetryOptions(options, rivulet.reportError);
  const recorder = createRecorder(
    () => rivulet,
    () => options,
  );
  const traced: Record<string, unknown> = {};
  const wrap = createWrapper(rivulet, recorder);
  const wrappers: readonly (readonly [names: readonly string[], (original: never) => unknown])[] = [
    [TEXT_FUNCTIONS, wrap.textCall],
    [OTHER_FUNCTIONS, wrap.call],
    [MEDIA_FUNCTIONS, wrap.mediaCall],
    [AGENTS, wrap.agent],
  ];
  for (const [names, trace] of wrappers) {
    for (const name of names) {
      const original = fieldOf(ai, name);
      if (typeof original === "function") traced[name] = trace(original as never);
    }
  }
  return { ...ai, ...traced };
}

interface Wrapper {
  call(original: SdkFunction): SdkFunction;
  /** Integrations are told of text calls alone. */
  textCall(original: SdkFunction): SdkFunction;
  agent(original: AgentClass): AgentClass;
  /** The SDK tells nobody of its calls for media: their models are traced. */
  mediaCall(original: SdkFunction): SdkFunction;
}

function createWrapper(rivulet: Rivulet, recorder: Recorder): Wrapper {
  const tracer = createCallTracer(recorder);
  const tapped = createModelTap(rivulet);

  function inject(options: Fields): Fields {
    const telemetry = fieldsOf(options["experimental_telemetry"]);
    return {
      ...options,
      model: tapped(options["model"]),
      experimental_telemetry: { ...telemetry, isEnabled: true, tracer },
    };
  }

  function call(original: SdkFunction): SdkFunction {
    return (options) =>
      isOurs(options)
        ? tracer.announce(options, (traceId) =>
            knowResult(original(inject(withKnownEvents(options, traceId))), traceId),
          )
        : original(options);
  }

  return {
    call,
    mediaCall: (original) => (options) => {
      const { record: policy, experimentId } = recorder.settings();
      const { model } = options;
      return original(
        isModel(model)
          ? { ...options, model: tapMediaModel({ rivulet, policy, experimentId }, model) }
          : options,
      );
    },
    textCall: (original) => {
      const run = call(original);
      return (options) =>
        hasOwnTracer(options) ? run(options) : displaceIntegration(() => run(options));
    },
    agent: (original) =>
      class extends original {
        constructor(settings: Fields) {
          super(isOurs(settings) ? inject(withFunctionId(settings)) : settings);
          if (!isOurs(settings)) return;
          for (const name of ["generate", "stream"] as const) {
            const method = fieldOf(this, name) as SdkFunction;
            const run = (options: Fields): unknown =>
              displaceIntegration(() =>
                tracer.announce({ ...settings, ...options, agent: true }, (traceId) =>
                  knowResult(method.call(this, withKnownEvents(options, traceId)), traceId),
                ),
              );
            Object.defineProperty(this, name, { value: run, configurable: true, writable: true });
          }
        }
      },
  };
}

function isOurs(options: Fields): boolean {
  const isEnabled = fieldOf(options["experimental_telemetry"], "isEnabled");
  return isEnabled !== false && !hasOwnTracer(options);
}

function hasOwnTracer(options: Fields): boolean {
  return fieldOf(options["experimental_telemetry"], "tracer") !== undefined;
}

/** The id of an agent does not reach telemetry by itself. */
function withFunctionId(settings: Fields): Fields {
  const { id, experimental_telemetry: telemetry } = settings;
  if (id === undefined) return settings;
  return { ...settings, experimental_telemetry: { functionId: id, ...fieldsOf(telemetry) } };
}

/** Models whose calls are seen from inside. One model is always the same tapped model. */
function createModelTap(rivulet: Rivulet): (model: unknown) => unknown {
  const known = new WeakMap<object, object>();
  return (model) => {
    if (!isModel(model)) return model;
    const tapped =
      known.get(model) ??
      tapModel(model, ["doGenerate", "doStream"], (execute, params) =>
        runSeen({ rivulet, params, execute }),
      );
    known.set(model, tapped);
    return tapped;
  };
}
