import type { AttachmentBytes, Journal, SpanWrite, Store } from "@rivulet/store";
import { LRUCache } from "lru-cache";
import type { TracingOptions } from "../tracing-options.ts";
import type { LeftOutTraces } from "./left-out.ts";
import { Queue } from "./queue.ts";
import { createReasonsToKeep, type ReasonsToKeep } from "./reason-to-keep.ts";
import { createRemovedTraces, type RemovedTraces } from "./removed-traces.ts";
import type { KeepReason, SamplingStats, TailSamplingOptions } from "./sampling-options.ts";
import { type FinishedSpans, NOTHING_KEPT, type SpanSink } from "./span-sink.ts";
import { steadyClock } from "./steady-clock.ts";
import { UndecidedTrace } from "./undecided-trace.ts";

/** What a {@link TailSampler} works with. */
export interface TailSamplerParts {
  readonly options: TailSamplingOptions;
  readonly sampleBy: TracingOptions["sampleBy"];
  readonly journal: Journal;
  readonly store: () => Promise<Store>;
  readonly leftOut: LeftOutTraces;
  readonly now: () => number;
  /** Milliseconds without news after which a trace will not end any more. */
  readonly abandonAfterMs: number;
  readonly reportError: (error: unknown) => void;
}

const WAIT_MS = 10_000;
const MAX_BYTES = 64 * 1024 ** 2;
/** Of more, the oldest is kept. */
const MAX_UNDECIDED = 10_000;
/** Decisions that are remembered for spans that come late. */
const MAX_DECIDED = 50_000;
/** Traces without an end are looked for this often. */
const SWEEP_MS = 60_000;

/** Holds the spans of traces until it is known whether they are kept. */
export class TailSampler implements SpanSink {
  readonly #parts: TailSamplerParts;
  readonly #now: () => number;
  readonly #reasons: ReasonsToKeep;
  readonly #waitMs: number;
  readonly #maxBytes: number;
  readonly #removed: RemovedTraces;
  readonly #undecided = new Queue<string, UndecidedTrace>();
  /** Those of them that hold something. */
  readonly #holding = new Queue<UndecidedTrace, true>();
  /** Those of them that are over, with the time of the decision. */
  readonly #due = new Queue<UndecidedTrace, number>();
  readonly #decisions = new LRUCache<string, "kept" | "dropped">({ max: MAX_DECIDED });
  readonly #kept: Record<KeepReason, number> = { ...NOTHING_KEPT };
  #dropped = 0;
  #lateSpans = 0;
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer rings. */
  #timerAt = Number.POSITIVE_INFINITY;
  #sweptAt: number;
  #isStopped = false;

  constructor(parts: TailSamplerParts) {
    const { options, sampleBy, journal, store, reportError } = parts;
    this.#parts = parts;
    this.#now = steadyClock(parts.now);
    this.#sweptAt = this.#now();
    this.#reasons = createReasonsToKeep(options, sampleBy);
    this.#waitMs = options.waitMs ?? WAIT_MS;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#removed = createRemovedTraces({
      store,
      journal,
      reportError,
      isLow: this.#reasons.isLow,
      saved: (traceId) => this.#save(traceId),
    });
    // Before the journal's own listener: what is kept can still be written.
    process.prependListener("exit", this.#atExit);
  }

  begin(traceId: string): void {
    if (this.#undecided.has(traceId) || this.#isStopped) return;
    const oldest = this.#undecided.size < MAX_UNDECIDED ? undefined : this.#undecided.first?.value;
    if (oldest !== undefined) this.#keep(oldest, "undecided");
    this.#undecided.add(traceId, new UndecidedTrace(traceId, this.#now()));
    this.#schedule();
  }

  append(span: SpanWrite): void {
    this.#take(span);
    this.#decideDue();
  }

  appendFinished(spans: readonly SpanWrite[]): FinishedSpans {
    const before = this.#lateSpans;
    let taken = 0;
    for (const span of spans) {
      if (!this.#decisions.has(span.traceId)) this.begin(span.traceId);
      if (this.#take(span)) taken += 1;
    }
    this.#decideDue();
    const unsampled = this.#lateSpans - before;
    return { recorded: taken - unsampled, unsampled };
  }

  appendFile(file: AttachmentBytes, traceId: string): void {
    const trace = this.#undecided.get(traceId);
    if (trace === undefined || trace.isWritten) {
      if (this.#decisions.get(traceId) !== "dropped") this.#parts.journal.appendAttachment(file);
      return;
    }
    this.#holding.add(trace, true);
    this.#count(trace, () => trace.holdFile(file));
  }

  judged(traceId: string, value: unknown): void {
    const trace = this.#undecided.get(traceId);
    if (trace === undefined) return;
    trace.hasLowScore ||= this.#reasons.isLow(value);
    this.#decideIfCertain(trace);
  }

  writeHeld(traceId?: string): void {
    const one = traceId === undefined ? undefined : this.#undecided.get(traceId);
    if (traceId === undefined) for (const trace of this.#holding.keys()) this.#write(trace);
    else if (one !== undefined) this.#write(one);
  }

  decideAll(): void {
    for (const trace of this.#undecided.values()) this.#decide(trace);
  }

  settled(): Promise<void> {
    return this.#removed.settle();
  }

  stop(): void {
    this.decideAll();
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#removed.stop();
    process.off("exit", this.#atExit);
  }

  stats(): Omit<SamplingStats, "unsampledTraces"> {
    return {
      keptTraces: { ...this.#kept },
      droppedTraces: this.#dropped,
      lateSpans: this.#lateSpans,
      undecidedTraces: this.#undecided.size,
      heldBytes: this.#heldBytes,
    };
  }

  readonly #atExit = (): void => this.decideAll();

  /** Holds a span, or writes or drops it when that is decided. @returns `false` when there was no room for it */
  #take(span: SpanWrite): boolean {
    const trace = this.#undecided.get(span.traceId);
    if (trace === undefined) return this.#takeLate(span);
    trace.learn(span, this.#now());
    const isTaken = trace.isWritten
      ? this.#parts.journal.appendSpan(span)
      : this.#hold(trace, span);
    if (trace.durationMs !== undefined && !this.#due.has(trace)) {
      this.#due.add(trace, this.#now() + this.#waitMs);
      this.#schedule();
    }
    this.#decideIfCertain(trace);
    return isTaken;
  }

  /** A trace that is decided about, or one that began in another service, which decides. */
  #takeLate(span: SpanWrite): boolean {
    if (this.#decisions.get(span.traceId) !== "dropped")
      return this.#parts.journal.appendSpan(span);
    this.#lateSpans += 1;
    return true;
  }

  #hold(trace: UndecidedTrace, span: SpanWrite): boolean {
    this.#holding.add(trace, true);
    this.#count(trace, () => trace.hold(span));
    return true;
  }

  /** Counts the bytes that a change adds, and makes room where they are too many. */
  #count(trace: UndecidedTrace, change: () => void): void {
    const before = trace.heldBytes;
    change();
    this.#heldBytes += trace.heldBytes - before;
    let oldest = this.#holding.first;
    while (oldest !== undefined && this.#heldBytes > this.#maxBytes) {
      this.#write(oldest.key);
      oldest = this.#holding.first;
    }
  }

  /** Writes what a trace holds, and from now on what comes of it. */
  #write(trace: UndecidedTrace): void {
    const { journal } = this.#parts;
    const { spans, files } = this.#empty(trace);
    trace.isWritten = true;
    for (const file of files) journal.appendAttachment(file);
    for (const span of spans) journal.appendSpan(span);
  }

  #empty(trace: UndecidedTrace): ReturnType<UndecidedTrace["take"]> {
    this.#holding.delete(trace);
    this.#heldBytes -= trace.heldBytes;
    return trace.take();
  }

  #decideIfCertain(trace: UndecidedTrace): void {
    const reason = this.#reasons.certain(trace);
    if (reason !== undefined) this.#keep(trace, reason);
  }

  #decide(trace: UndecidedTrace): void {
    const reason = this.#reasons.final(trace);
    if (reason === undefined) this.#drop(trace);
    else this.#keep(trace, reason);
  }

  #keep(trace: UndecidedTrace, reason: KeepReason): void {
    this.#write(trace);
    this.#close(trace, "kept");
    this.#kept[reason] += 1;
  }

  #drop(trace: UndecidedTrace): void {
    this.#empty(trace);
    this.#close(trace, "dropped");
    this.#dropped += 1;
    this.#parts.leftOut.note(trace.traceId);
    this.#removed.add(trace.traceId);
  }

  /** Feedback that another process has stored has saved a trace after all. */
  #save(traceId: string): void {
    this.#decisions.set(traceId, "kept");
    this.#parts.leftOut.forget(traceId);
    this.#dropped -= 1;
    this.#kept.score += 1;
  }

  #close(trace: UndecidedTrace, decision: "kept" | "dropped"): void {
    this.#undecided.delete(trace.traceId);
    this.#due.delete(trace);
    this.#decisions.set(trace.traceId, decision);
  }

  /** Decides about those whose time has come. */
  #decideDue(): void {
    const now = this.#now();
    let first = this.#due.first;
    while (first !== undefined && first.value <= now) {
      this.#decide(first.key);
      first = this.#due.first;
    }
  }

  /** Writes those without news, and keeps those that will not end. */
  #sweep(): void {
    const { abandonAfterMs } = this.#parts;
    const now = this.#now();
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const trace of this.#undecided.values()) {
      const quietMs = now - trace.lastNews;
      if (trace.durationMs !== undefined || quietMs < SWEEP_MS) continue;
      if (quietMs >= abandonAfterMs) this.#keep(trace, "undecided");
      else this.#write(trace);
    }
  }

  /** One timer, which holds no process, while anything is undecided. */
  #schedule(): void {
    if (this.#undecided.size === 0) return;
    const now = this.#now();
    const next = Math.min(this.#due.first?.value ?? Number.POSITIVE_INFINITY, now + SWEEP_MS);
    if (next >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next;
    this.#timer = setTimeout(this.#round, Math.max(1, next - now)).unref();
  }

  readonly #round = (): void => {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#decideDue();
    this.#sweep();
    this.#schedule();
  };
}
