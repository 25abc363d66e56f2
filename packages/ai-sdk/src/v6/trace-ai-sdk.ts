import { type Rivulet, RivuletError } from "@rivulet/core";
import { runSeen } from "../calls/model-tap.ts";
import { createRecorder } from "../calls/recorder.ts";
import { type Fields, fieldOf, fieldsOf } from "../sdk/read-value.ts";
import { checkTelemetryOptions, type RivuletTelemetryOptions } from "../telemetry-options.ts";
import { type CallTracer, createCallTracer } from "./call-tracer.ts";
import { displaceIntegration } from "./displacement.ts";

const TEXT_FUNCTIONS = ["generateText", "streamText"] as const;
const OTHER_FUNCTIONS = ["generateObject", "streamObject", "embed", "embedMany", "rerank"] as const;
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
  const wrap = createWrapper(rivulet, createCallTracer(recorder));
  const given = ai as Fields;
  for (const name of TEXT_FUNCTIONS) {
    const original = given[name];
    if (typeof original === "function") traced[name] = wrap.textCall(original as SdkFunction);
  }
  for (const name of OTHER_FUNCTIONS) {
    const original = given[name];
    if (typeof original === "function") traced[name] = wrap.call(original as SdkFunction);
  }
  for (const name of AGENTS) {
    const original = given[name];
    if (typeof original === "function") traced[name] = wrap.agent(original as AgentClass);
  }
  return { ...ai, ...traced };
}

interface Wrapper {
  call(original: SdkFunction): SdkFunction;
  /** Integrations are told of text calls alone. */
  textCall(original: SdkFunction): SdkFunction;
  agent(original: AgentClass): AgentClass;
}

function createWrapper(rivulet: Rivulet, tracer: CallTracer): Wrapper {
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
        ? tracer.announce(options, () => original(inject(options)))
        : original(options);
  }

  return {
    call,
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
                tracer.announce({ ...settings, ...options, agent: true }, () =>
                  method.call(this, options),
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
    const given = fieldsOf(model);
    if (given === undefined || !("doGenerate" in given || "doStream" in given)) return model;
    const tapped = known.get(given) ?? tapModel(rivulet, given);
    known.set(given, tapped);
    return tapped;
  };
}

function tapModel(rivulet: Rivulet, model: object): object {
  return new Proxy(model, {
    get(target, name): unknown {
      // The model itself is the receiver: it may have private fields.
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "doGenerate" && name !== "doStream") return value.bind(target) as unknown;
      return (params: unknown): unknown => {
        const execute = (): PromiseLike<unknown> =>
          value.call(target, params) as PromiseLike<unknown>;
        return runSeen({ rivulet, params, execute });
      };
    },
  });
}
