import type { Context } from "../context.ts";
import { startAbandonedWatchdog } from "./abandoned-watchdog.ts";
import { createActiveSpanContext } from "./active-span.ts";
import { createRecordFinished, type RecordFinished } from "./record-finished.ts";
import { RecordedSpan } from "./recorded-span.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { runAndSettle } from "./settle.ts";
import { createSpanPolicy, type SpanPolicy } from "./span-policy.ts";
import type {
  ActiveSpan,
  SpanParent,
  StartSpanOptions,
  TracedOptions,
  TracePatch,
  Tracing,
} from "./tracing.ts";
import type { TracingOptions } from "./tracing-options.ts";
import { NO_SPAN, unrecordedSpan } from "./unrecorded-span.ts";

/** {@link Tracing}, and what the client needs to run it. */
export interface TracingFeature extends Tracing {
  readonly record: RecordFinished;
  openSpans(): number;
  /** Gives the journal what is in progress. */
  flush(): void;
  /** Ends what adapters have left open, before the last flush. */
  settle(): void;
  /** Ends the timers. */
  stop(): void;
}

/** Makes the tracing of a client. */
export function createTracing(context: Context, options: TracingOptions = {}): TracingFeature {
  const { ids, reportError } = context;
  const policy = createSpanPolicy(options, { newExperimentId: ids.experiment, reportError });
  const record = createRecordFinished(context, policy);
  const { abandonAfterMs = ABANDON_AFTER_MS } = options;
  const recorder = createRecorder({ context, policy, abandonAfterMs });
  const tracing =
    options.enabled === false
      ? offTracing(recorder)
      : liveTracing({ context, policy, abandonAfterMs, recorder });
  return Object.freeze({ ...tracing, record });
}

/** How long a span may be without news. */
const ABANDON_AFTER_MS = 3_600_000;

interface LiveParts {
  readonly context: Context;
  readonly policy: SpanPolicy;
  readonly abandonAfterMs: number;
  readonly recorder: Recorder;
}

type LiveTracing = Omit<TracingFeature, "record">;

function liveTracing(parts: LiveParts): LiveTracing {
  const { context, policy, abandonAfterMs, recorder } = parts;
  const active = createActiveSpanContext(context.reportError);
  const start = createSpanStarter({ context, policy, recorder });
  const stopWatchdog = startAbandonedWatchdog({ context, abandonAfterMs });

  function startSpan(name: string, spanOptions?: StartSpanOptions): ActiveSpan {
    try {
      const given = spanOptions ?? {};
      recorder.given.checkNames("startSpan", given);
      const { parent } = given;
      return start(name, given, parent === undefined ? active.get() : (parent ?? undefined));
    } catch (error) {
      context.reportError(error);
      return NO_SPAN;
    }
  }

  const feature: LiveTracing = {
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
    watchSpan: recorder.openSpans.watch,
    openSpans: recorder.openSpans.count,
    flush: recorder.flush,
    settle: recorder.openSpans.close,
    stop() {
      stopWatchdog();
      recorder.openSpans.close();
    },
  };
  return feature;
}

/** Tracing that is off: functions run as if they were called directly. What adapters watch over is still bounded. */
function offTracing({ openSpans }: Recorder): LiveTracing {
  return {
    startSpan: () => NO_SPAN,
    withSpan: <T>(_name: string, work: (span: ActiveSpan) => T): T => work(NO_SPAN),
    traced: <A extends unknown[], R>(work: (...args: A) => R) => work,
    activeSpan: () => undefined,
    runInSpan: <T>(_span: ActiveSpan, work: () => T): T => work(),
    enterSpan: () => undefined,
    setActiveSpanResolver: () => undefined,
    watchSpan: openSpans.watch,
    openSpans: () => 0,
    flush: () => undefined,
    settle: openSpans.close,
    stop: openSpans.close,
  };
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
  given?: TracedOptions,
): (...args: A) => R {
  const { name, ...options } = optionsOf(work, given);
  return function traced(this: unknown, ...args: A): R {
    const input = args.length > 1 ? args : args[0];
    return tracing.withSpan(name, () => work.apply(this, args), { ...options, input });
  };
}

/** A proxy, of the function or of the options, may throw when it is looked at. */
function optionsOf(
  work: { readonly name: string },
  given: TracedOptions | undefined,
): TracedOptions & { readonly name: string } {
  try {
    return { ...given, name: given?.name ?? (work.name || "anonymous") };
  } catch {
    return { name: "anonymous" };
  }
}

interface StarterParts {
  readonly context: Context;
  readonly policy: SpanPolicy;
  readonly recorder: Recorder;
}

type StartSpan = (
  name: string,
  options: StartSpanOptions,
  parent: SpanParent | undefined,
) => ActiveSpan;

function createSpanStarter({ context, policy, recorder }: StarterParts): StartSpan {
  const { ids, activeRunId } = context;
  const { given: read } = recorder;

  function startRoot(name: string, given: StartSpanOptions): ActiveSpan {
    const traceId = ids.trace();
    if (!policy.isSampled(traceId)) return unrecordedSpan(traceId, ids.span());
    const span = recorder.open({
      traceId,
      id: ids.span(),
      experiment: policy.experiment(read.text("startSpan.experimentId", given.experimentId)),
      name: read.text("startSpan.name", name) ?? "unnamed",
      type: read.type(given.type),
      startTime: given.startTime,
    });
    return fill(span, given, given.runId ?? activeRunId());
  }

  function startChild(name: string, given: StartSpanOptions, parent: SpanParent): ActiveSpan {
    if (parent.sampled === false) return unrecordedUnder(parent);
    const own = parent instanceof RecordedSpan ? parent : undefined;
    const span = recorder.open({
      traceId: parent.traceId,
      id: ids.span(),
      parentId: parent.id,
      above: own?.lineage,
      experiment: own?.experiment ?? policy.experiment(experimentOf(given, parent)),
      name: read.text("startSpan.name", name) ?? "unnamed",
      type: read.type(given.type),
      startTime: given.startTime,
    });
    return fill(span, given, given.runId);
  }

  function experimentOf(given: StartSpanOptions, parent: SpanParent): string | undefined {
    const nameOrId = parent.experimentId ?? given.experimentId;
    return read.text("startSpan.experimentId", nameOrId);
  }

  return (name, given, parent) => {
    const above = parent === undefined || isOurs(parent) ? parent : read.parent(parent);
    return above === undefined ? startRoot(name, given) : startChild(name, given, above);
  };
}

/** Spans of ours, recorded or not; what only looks like one may have any ids. */
function isOurs(parent: SpanParent): boolean {
  if (parent instanceof RecordedSpan) return true;
  return typeof parent === "object" && "end" in parent && parent.sampled === false;
}

function unrecordedUnder(parent: SpanParent): ActiveSpan {
  return "end" in parent ? (parent as ActiveSpan) : unrecordedSpan(parent.traceId, parent.id);
}

function fill(span: RecordedSpan, given: StartSpanOptions, runId: string | undefined): ActiveSpan {
  const { input, attributes, model, provider, sessionId, userId, tags, metadata } = given;
  if (input !== undefined) span.setInput(input);
  if (attributes !== undefined) span.setAttributes(attributes);
  if (model !== undefined) span.setModel(model);
  if (provider !== undefined) span.setProvider(provider);
  if ((sessionId ?? userId ?? tags ?? metadata ?? runId) !== undefined) {
    span.setTrace({ sessionId, userId, tags, metadata, runId } as TracePatch);
  }
  return span;
}
