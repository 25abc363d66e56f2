import type { Context } from "../context.ts";
import { startAbandonedWatchdog } from "./abandoned-watchdog.ts";
import { createActiveSpanContext } from "./active-span.ts";
import { GivenValues, roundToMicroseconds } from "./given-values.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { createRecordFinished, type RecordFinished } from "./record-finished.ts";
import { RecordedSpan, type SpanServices } from "./recorded-span.ts";
import { createSampling, type Sampling } from "./sampling/sampling.ts";
import { runAndSettle } from "./settle.ts";
import type { Lineage, SpanStart } from "./span-draft.ts";
import { createSpanPolicy } from "./span-policy.ts";
import { withShared } from "./trace-patch.ts";
import { trace } from "./traced.ts";
import type {
  ActiveSpan,
  SpanParent,
  StartSpanOptions,
  TracePatch,
  Tracing,
  WithSpanOptions,
} from "./tracing.ts";
import type { TracingOptions } from "./tracing-options.ts";
import { NO_SPAN, unrecordedSpan } from "./unrecorded-span.ts";

/** {@link Tracing}, and what the client needs to run it. */
export interface TracingFeature extends Tracing {
  readonly record: RecordFinished;
  openSpans(): number;
  /** How many files of spans were too large to be kept. */
  oversizedFiles(): number;
  /** Gives the journal what is in progress or undecided, of one trace or of all. */
  flush(traceId?: string): void;
  readonly sampling: Sampling;
  /** Ends what adapters have left open and decides about what is undecided, before the last flush. */
  settle(): void;
  /** Ends the timers. */
  stop(): void;
}

/** How long a span may be without news. */
const ABANDON_AFTER_MS = 3_600_000;

/** So long after the end of a span, and of all above it, work in its background is still part of it. */
const LINGER_MS = 10_000;

/** Makes the tracing of a client. @param traceEnded called when a trace ends, as far as this process knows it */
export function createTracing(
  context: Context,
  options: TracingOptions = {},
  traceEnded: () => void = () => undefined,
): TracingFeature {
  const { ids, masking, reportError } = context;
  const { abandonAfterMs = ABANDON_AFTER_MS } = options;
  const now = (): number => roundToMicroseconds(context.now());
  const sampling = createSampling(context, { ...options, abandonAfterMs });
  const { sink } = sampling;
  const policy = createSpanPolicy(options, {
    newExperimentId: ids.experiment,
    masking,
    keepFile: (file, traceId) => sink.appendFile(file, traceId),
    reportError,
  });

  function write(span: RecordedSpan): void {
    try {
      sink.append(span.toWrite());
    } catch (error) {
      reportError(error);
    }
  }

  const openSpans = createOpenSpans({ now, announce: write, abandonAfterMs, reportError });
  const services: SpanServices = {
    policy,
    now,
    given: new GivenValues(reportError),
    reportError,
    closed(span) {
      openSpans.remove(span);
      write(span);
      if (span.lineage.parent === undefined) traceEnded();
    },
  };
  const isOff = options.enabled === false;
  const verbs = isOff
    ? offTracing(openSpans)
    : liveTracing({ context, services, openSpans, abandonAfterMs, sampling });
  return Object.freeze({
    ...verbs,
    record: createRecordFinished(context, { policy, sampling, traceEnded }),
    oversizedFiles: policy.oversizedFiles,
    sampling,
    flush(traceId?: string) {
      openSpans.announceAll();
      sink.writeHeld(traceId);
    },
    settle() {
      openSpans.close();
      sink.decideAll();
    },
    stop() {
      verbs.stop();
      sink.stop();
    },
  });
}

interface LiveParts {
  readonly context: Context;
  readonly services: SpanServices;
  readonly openSpans: OpenSpans;
  readonly abandonAfterMs: number;
  readonly sampling: Sampling;
}

type LiveTracing = Omit<
  TracingFeature,
  "record" | "oversizedFiles" | "sampling" | "flush" | "settle"
>;

function liveTracing(parts: LiveParts): LiveTracing {
  const { context, services, openSpans, abandonAfterMs } = parts;
  const active = createActiveSpanContext(context.reportError);
  const start = createSpanStarter(parts);
  const stopWatchdog = startAbandonedWatchdog({ context, abandonAfterMs });

  /** The active span, unless it is over: what a server or a timer does later is not part of what has started it. */
  function enclosing(): ActiveSpan | undefined {
    const span = active.get();
    return span instanceof RecordedSpan && isOver(span.lineage, context.now()) ? undefined : span;
  }

  function startSpan(name: string, spanOptions?: StartSpanOptions): ActiveSpan {
    try {
      const given = spanOptions ?? {};
      services.given.checkNames("startSpan", given);
      const { parent } = given;
      return start(name, given, parent === undefined ? enclosing() : (parent ?? undefined));
    } catch (error) {
      context.reportError(error);
      return NO_SPAN;
    }
  }

  const feature: LiveTracing = {
    startSpan,
    withSpan<T>(name: string, work: (span: ActiveSpan) => T, spanOptions?: WithSpanOptions): T {
      const span = startSpan(name, spanOptions);
      const run = <R>(piece: () => R): R => active.run(span, piece);
      const watchStream = endsWithStream(spanOptions) ? openSpans.watch : undefined;
      return runAndSettle({ span, run, watchStream }, () => work(span));
    },
    traced: (work, tracedOptions) => trace(feature, work, tracedOptions),
    activeSpan: active.get,
    runInSpan: active.run,
    enterSpan: active.enter,
    joinContext: active.join,
    bindChannel: active.bind,
    watchSpan: openSpans.watch,
    openSpans: openSpans.count,
    stop() {
      stopWatchdog();
      active.unbind();
      openSpans.close();
    },
  };
  return feature;
}

/** Tracing that is off: functions run as if they were called directly. What adapters watch over is still bounded. */
function offTracing({ watch, close }: OpenSpans): LiveTracing {
  return {
    startSpan: () => NO_SPAN,
    withSpan: <T>(_name: string, work: (span: ActiveSpan) => T): T => work(NO_SPAN),
    traced: <A extends unknown[], R>(work: (...args: A) => R) => work,
    activeSpan: () => undefined,
    runInSpan: <T>(_span: ActiveSpan, work: () => T): T => work(),
    enterSpan: () => undefined,
    joinContext: () => () => undefined,
    bindChannel: () => () => undefined,
    watchSpan: watch,
    openSpans: () => 0,
    stop: close,
  };
}

/** Options that cannot be read were reported when the span started. */
function endsWithStream(options: WithSpanOptions | undefined): boolean {
  try {
    return options?.untilStreamEnds === true;
  } catch {
    return false;
  }
}

type StartSpan = (
  name: string,
  options: StartSpanOptions,
  parent: SpanParent | undefined,
) => ActiveSpan;

/** What a span is by its place: the rest is the same for all. */
type Place = Pick<SpanStart, "traceId" | "parentId" | "above" | "under" | "experiment">;

function createSpanStarter({ context, services, openSpans, sampling }: LiveParts): StartSpan {
  const { ids, activeRun, activeTrace } = context;
  const { given: read, policy } = services;

  function open(name: string, given: StartSpanOptions, place: Place): RecordedSpan {
    const span = new RecordedSpan(services, {
      ...place,
      id: ids.span(),
      name: read.text("startSpan.name", name) ?? "unnamed",
      type: read.type(given.type),
      startTime: read.time("startSpan.startTime", given.startTime) ?? services.now(),
    });
    openSpans.add(span);
    return span;
  }

  function shared(given: StartSpanOptions): StartSpanOptions {
    const fields = activeTrace.getStore();
    return fields === undefined ? given : withShared(given, fields);
  }

  function startRoot(name: string, given: StartSpanOptions): ActiveSpan {
    const traceId = ids.trace();
    const told = shared(given);
    const runId = given.runId ?? activeRun.getStore()?.id;
    if (!sampling.isSampled({ traceId, name, sessionId: told.sessionId, runId })) {
      return unrecordedSpan(traceId, ids.span());
    }
    sampling.sink.begin(traceId);
    const experiment = policy.experiment(read.text("startSpan.experimentId", given.experimentId));
    return fill(open(name, given, { traceId, experiment }), told, runId);
  }

  function startChild(name: string, given: StartSpanOptions, parent: SpanParent): ActiveSpan {
    const own = parent instanceof RecordedSpan ? parent : undefined;
    if (isLeftOut(parent, sampling)) {
      sampling.leaveOut(parent.traceId);
      return unrecordedSpan(parent.traceId, parent.id);
    }
    if (own === undefined) sampling.follow(parent.traceId);
    const span = open(name, given, {
      traceId: parent.traceId,
      parentId: parent.id,
      above: own?.lineage,
      under: own === undefined ? parent : undefined,
      experiment: own?.experiment ?? policy.experiment(experimentOf(given, parent)),
    });
    // Where the trace began elsewhere, what is known of it here is said once more.
    return fill(span, own === undefined ? shared(given) : given, given.runId);
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

/** Where spans from elsewhere have decided that the trace is left out, it is so whole. */
function isLeftOut(parent: SpanParent, sampling: Sampling): boolean {
  if (parent instanceof RecordedSpan) return false;
  return parent.sampled === false || sampling.isLeftOut(parent.traceId);
}

/** Whether the whole line has ended, and nothing was heard of it for a while. */
function isOver(lineage: Lineage, now: number): boolean {
  let line: Lineage | undefined = lineage;
  while (line?.ended === true && now - line.lastNews > LINGER_MS) line = line.parent;
  return line === undefined;
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
