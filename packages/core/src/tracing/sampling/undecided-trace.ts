import type { AttachmentBytes, JsonText, SpanWrite } from "@rivulet/store";

/** What a span costs in memory besides its bodies, about. */
const SPAN_BYTES = 1_000;
/** The same for an event. */
const EVENT_BYTES = 200;

/** A trace that may yet be dropped: what is known of it, and what of it waits to be written. */
export class UndecidedTrace {
  readonly traceId: string;
  name: string | undefined;
  sessionId: string | undefined;
  runId: string | undefined;
  hasFailed = false;
  hasLowScore = false;
  /** From the start of the root to its end; `undefined` before it. */
  durationMs: number | undefined;
  /** The root was given up, or will not be heard of. */
  isAbandoned = false;
  /** When something was last heard of it, in milliseconds since the epoch. */
  lastNews: number;
  /** Some of it is in the store, or on its way there. */
  isWritten = false;
  /** Bytes that wait. */
  heldBytes = 0;
  #spans: SpanWrite[] = [];
  #files: AttachmentBytes[] = [];

  constructor(traceId: string, now: number) {
    this.traceId = traceId;
    this.lastNews = now;
  }

  hold(span: SpanWrite): void {
    this.#spans.push(span);
    this.heldBytes += bytesOf(span);
  }

  holdFile(file: AttachmentBytes): void {
    if (this.#files.some(({ hash }) => hash === file.hash)) return;
    this.#files.push(file);
    this.heldBytes += file.content.byteLength;
  }

  /** What waits, once. */
  take(): { readonly spans: readonly SpanWrite[]; readonly files: readonly AttachmentBytes[] } {
    const held = { spans: this.#spans, files: this.#files };
    this.#spans = [];
    this.#files = [];
    this.heldBytes = 0;
    return held;
  }

  /** Learns from a span what the decision depends on. */
  learn(span: SpanWrite, now: number): void {
    this.lastNews = now;
    this.sessionId = span.trace?.sessionId ?? this.sessionId;
    this.runId = span.trace?.runId ?? this.runId;
    this.hasFailed ||= span.status === "error";
    if (span.parentId !== undefined) return;
    this.name = span.name;
    if (span.status === "in_progress" || span.endTime === undefined) return;
    this.isAbandoned = span.status === "abandoned";
    this.durationMs = span.endTime - span.startTime;
  }
}

function bytesOf(span: SpanWrite): number {
  const { input, output, attributes, events, statusMessage = "", trace } = span;
  const bodies = [input, output, attributes, ...events.map((event) => event.attributes)];
  const ofBodies = bodies.reduce<number>((sum, body) => sum + sizeOf(body), SPAN_BYTES);
  const ofTrace = trace === undefined ? 0 : JSON.stringify(trace).length;
  return ofBodies + events.length * EVENT_BYTES + statusMessage.length + ofTrace;
}

function sizeOf(body: unknown): number {
  return (body as JsonText | undefined)?.size ?? 0;
}
