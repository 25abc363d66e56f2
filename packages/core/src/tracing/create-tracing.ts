import type { TraceFacts } from "@rivulet/store";
import type { Context } from "../context.ts";
import { startAbandonedWatchdog } from "./abandoned-watchdog.ts";
import { createActiveSpanContext } from "./active-span.ts";
import { RecordedSpan } from "./recorded-span.ts";
import { ABANDON_AFTER_MS, createRecorder, type Recorder } from "./recorder.ts";
import { runAndSettle } from "./settle.ts";
import type {
  ActiveSpan,
  SpanParent,
  StartSpanOptions,
  TracedOptions,
  Tracing,
} from "./tracing.ts";
import type { TracingOptions } from "./tracing-options.ts";
import { NO_SPAN, unrecordedSpan } from "./unrecorded-span.ts";

/** {@link Tracing}, and what the client needs to run it. */
export interface TracingFeature extends Tracing {
  openSpans(): number;
  /** Gives the journal what is in progress. */
  flush(): void;
  /** Ends the timers. */
  stop(): void;
}

/** Makes the tracing of a client. */
export function createTracing(context: Context, options: TracingOptions = {}): TracingFeature {
  return options.enabled === false ? noTracing() : liveTracing(context, options);
}

function liveTracing(context: Context, options: TracingOptions): TracingFeature {
  const active = createActiveSpanContext(context.reportError);
  const recorder = createRecorder({ context, options });
  const start = createSpanStarter({ context, options, recorder });
  const stopWatchdog = startAbandonedWatchdog({
    context,
    abandonAfterMs: options.abandonAfterMs ?? ABANDON_AFTER_MS,
  });

  function startSpan(name: string, spanOptions: StartSpanOptions = {}): ActiveSpan {
    try {
      const { parent } = spanOptions;
      return start(name, spanOptions, parent === undefined ? active.get() : (parent ?? undefined));
    } catch (error) {
      context.reportError(error);
      return NO_SPAN;
    }
  }

  const feature: TracingFeature = {
    startSpan,
    withSpan<T>(name: string, work: (span: ActiveSpan) => T, spanOptions?: StartSpanOptions): T {
      const span = startSpan(name, spanOptions);
      const run = <R>(piece: () => R): R => active.run(span, piece);
      const settled = { span, run, onResult: (result: unknown) => keepResult(span, result) };
      return runAndSettle(settled, () => work(span));
    },
    traced: (work, tracedOptions) => trace(feature, work, tracedOptions),
    activeSpan: active.get,
    runInSpan: active.run,
    enterSpan: active.enter,
    setActiveSpanResolver: active.resolveWith,
    openSpans: recorder.openSpans.count,
    flush: recorder.flush,
    stop() {
      stopWatchdog();
      recorder.openSpans.stop();
    },
  };
  return Object.freeze(feature);
}

/** Tracing that is off: functions run as if they were called directly. */
function noTracing(): TracingFeature {
  return Object.freeze({
    startSpan: () => NO_SPAN,
    withSpan: <T>(_name: string, work: (span: ActiveSpan) => T): T => work(NO_SPAN),
    traced: <A extends unknown[], R>(work: (...args: A) => R) => work,
    activeSpan: () => undefined,
    runInSpan: <T>(_span: ActiveSpan, work: () => T): T => work(),
    enterSpan: () => undefined,
    setActiveSpanResolver: () => undefined,
    openSpans: () => 0,
    flush: () => undefined,
    stop: () => undefined,
  });
}

/** The result of the work is its output, unless one was set, or it is an object with a life of its own. */
function keepResult(span: ActiveSpan, result: unknown): void {
  if (!(span instanceof RecordedSpan) || span.hasOutput || result === undefined) return;
  if (isData(result)) span.setOutput(result);
}

function isData(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || "toJSON" in value;
}

function trace<A extends unknown[], R>(
  tracing: Tracing,
  work: (...args: A) => R,
  options: TracedOptions = {},
): (...args: A) => R {
  const name = options.name ?? (work.name || "anonymous");
  return function traced(this: unknown, ...args: A): R {
    const input = args.length > 1 ? args : args[0];
    return tracing.withSpan(name, () => work.apply(this, args), { ...options, input });
  };
}

interface StarterParts {
  readonly context: Context;
  readonly options: TracingOptions;
  readonly recorder: Recorder;
}

type StartSpan = (
  name: string,
  options: StartSpanOptions,
  parent: SpanParent | undefined,
) => ActiveSpan;

function createSpanStarter({ context, options, recorder }: StarterParts): StartSpan {
  const { ids, activeRunId } = context;
  const { sampleRate = 1, experiment = "Default" } = options;

  function startRoot(name: string, given: StartSpanOptions): ActiveSpan {
    const traceId = ids.trace();
    if (!isSampled(traceId, sampleRate)) return unrecordedSpan(traceId, ids.span());
    const { type, startTime } = given;
    const span = recorder.open({
      traceId,
      id: ids.span(),
      experiment: recorder.experiment(given.experimentId ?? experiment),
      name,
      type: type ?? "unknown",
      startTime,
    });
    return fill(span, given, activeRunId());
  }

  function startChild(name: string, given: StartSpanOptions, parent: SpanParent): ActiveSpan {
    if (parent.sampled === false) return unrecordedUnder(parent);
    const own = parent instanceof RecordedSpan ? parent : undefined;
    const nameOrId = parent.experimentId ?? given.experimentId ?? experiment;
    const { type, startTime } = given;
    const span = recorder.open({
      traceId: parent.traceId,
      id: ids.span(),
      parentId: parent.id,
      above: own?.lineage,
      experiment: own?.experiment ?? recorder.experiment(nameOrId),
      name,
      type: type ?? "unknown",
      startTime,
    });
    return fill(span, given, undefined);
  }

  return (name, given, parent) =>
    parent === undefined ? startRoot(name, given) : startChild(name, given, parent);
}

/** The id decides, so that the draw is the same wherever the trace passes. */
function isSampled(traceId: string, sampleRate: number): boolean {
  if (sampleRate >= 1) return true;
  return Number.parseInt(traceId.slice(-8), 16) / 0x1_0000_0000 < sampleRate;
}

function unrecordedUnder(parent: SpanParent): ActiveSpan {
  return "end" in parent ? (parent as ActiveSpan) : unrecordedSpan(parent.traceId, parent.id);
}

function fill(
  span: RecordedSpan,
  given: StartSpanOptions,
  activeRunId: string | undefined,
): ActiveSpan {
  if (given.input !== undefined) span.setInput(given.input);
  if (given.attributes !== undefined) span.setAttributes(given.attributes);
  if (given.model !== undefined) span.setModel(given.model);
  if (given.provider !== undefined) span.setProvider(given.provider);
  const patch = tracePatch(given, given.runId ?? activeRunId);
  if (patch !== undefined) span.setTrace(patch);
  return span;
}

function tracePatch(given: StartSpanOptions, runId: string | undefined): TraceFacts | undefined {
  const { sessionId, userId, tags, metadata } = given;
  if ((sessionId ?? userId ?? tags ?? metadata ?? runId) === undefined) return undefined;
  return {
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(runId === undefined ? {} : { runId }),
    ...(tags === undefined ? {} : { tags }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
