import {
  checkOptions,
  FUNCTION,
  MILLISECONDS,
  OBJECT,
  type OptionChecks,
  type Rivulet,
  type Span,
  TEXT,
} from "@rivulet/core";
import { type OtlpTarget, sendSpans } from "./otlp-sender.ts";
import { passesFilter } from "./passes-filter.ts";
import { type OtlpJsonSpan, toOtlpSpan } from "./to-otlp-span.ts";

/** Options of {@link exportSpans}. */
export interface ExportOptions extends OtlpTarget {
  /** Which spans are sent. @default those that did not come from OpenTelemetry themselves */
  readonly filter?: (span: Span) => boolean;
  /** Milliseconds between two requests. @default 1000 */
  readonly intervalMs?: number;
}

/** An export that goes on. */
export interface SpanExport {
  /** Sends what has ended so far. Resolves when the collector has taken it, or will not. */
  flush(): Promise<void>;
  /** The same, and ends the export. */
  close(): Promise<void>;
}

/** Spans in one request. */
const MAX_SPANS = 500;
/** Traces that wait; of more the oldest are left out. */
const MAX_TRACES = 10_000;
/** Spans that are remembered as sent. */
const MAX_SENT = 100_000;
/** Milliseconds after a collector could not take spans, doubled each time. */
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

const OPTIONS: OptionChecks<ExportOptions> = {
  of: "exportSpans",
  checks: {
    url: TEXT,
    headers: OBJECT,
    serviceName: TEXT,
    timeoutMs: MILLISECONDS,
    filter: FUNCTION,
    intervalMs: MILLISECONDS,
  },
};

/**
 * Sends every span of the store, once it has ended, to a collector of OpenTelemetry too: by OTLP over HTTP, by the
 * conventions for generative AI, masked and cut as it is stored. Spans of all processes on the store are sent, so one
 * process per store is enough. What a collector cannot take is sent again; a restart forgets what waits.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function exportSpans(rivulet: Rivulet, options: ExportOptions): SpanExport {
  checkOptions(options, OPTIONS);
  const { intervalMs = 1_000 } = options;
  const outbox = new Outbox(rivulet, options);
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function plan(): void {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(run, Math.max(intervalMs, outbox.delayMs));
    timer.unref();
  }
  function run(): void {
    timer = undefined;
    void outbox.send().then(() => {
      if (!outbox.isEmpty) plan();
    });
  }
  const unsubscribe = rivulet.subscribe(({ entity, ids }) => {
    if (entity !== "trace") return;
    outbox.add(ids);
    plan();
  });
  const flush = async (): Promise<void> => {
    await rivulet.flush();
    await outbox.send();
  };
  return {
    flush,
    async close() {
      if (isClosed) return;
      await flush();
      isClosed = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

/** The traces of which something is to be sent, and the spans that were. */
class Outbox {
  /** Milliseconds to wait before the next request. */
  delayMs = 0;
  readonly #rivulet: Rivulet;
  readonly #options: ExportOptions;
  readonly #waiting = new Set<string>();
  readonly #sent = new Set<string>();
  #sending: Promise<void> = Promise.resolve();

  constructor(rivulet: Rivulet, options: ExportOptions) {
    this.#rivulet = rivulet;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(traceIds: readonly string[]): void {
    for (const id of traceIds) this.#waiting.add(id);
    dropOldest(this.#waiting, MAX_TRACES);
  }

  /** One after the other. Never rejects. */
  send(): Promise<void> {
    this.#sending = this.#sending
      .then(() => this.#sendWaiting())
      .catch((error: unknown) => this.#rivulet.reportError(error));
    return this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    const traceIds = [...this.#waiting];
    this.#waiting.clear();
    const spans: OtlpJsonSpan[] = [];
    for (const id of traceIds) spans.push(...(await this.#unsent(id).catch(this.#unreadable)));
    for (let start = 0; start < spans.length; start += MAX_SPANS) {
      await this.#sendBatch(spans.slice(start, start + MAX_SPANS));
    }
  }

  /** A trace that cannot be read takes no other with it. */
  readonly #unreadable = (error: unknown): readonly OtlpJsonSpan[] => {
    this.#rivulet.reportError(error);
    return [];
  };

  async #unsent(traceId: string): Promise<readonly OtlpJsonSpan[]> {
    const trace = await this.#rivulet.traces.find(traceId);
    if (trace === undefined) return [];
    const { filter = isOwn } = this.#options;
    const spans = await this.#rivulet.traces.loadSpans(traceId);
    return spans
      .filter((span) => span.endTime !== undefined && !this.#sent.has(keyOf(traceId, span.id)))
      .filter(passesFilter(this.#rivulet, filter))
      .map((span) => toOtlpSpan(span, trace));
  }

  async #sendBatch(spans: readonly OtlpJsonSpan[]): Promise<void> {
    const sent = await sendSpans(spans, this.#options);
    if (sent.problem !== undefined) this.#rivulet.reportError(new Error(sent.problem));
    if (sent.state === "later") {
      this.delayMs = sent.afterMs ?? Math.min(MAX_RETRY_MS, Math.max(RETRY_MS, this.delayMs * 2));
      this.add(spans.map(({ traceId }) => traceId));
      return;
    }
    this.delayMs = 0;
    for (const { traceId, spanId } of spans) this.#sent.add(keyOf(traceId, spanId));
    dropOldest(this.#sent, MAX_SENT);
  }
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}${spanId}`;
}

function dropOldest(keys: Set<string>, most: number): void {
  for (const key of keys) {
    if (keys.size <= most) return;
    keys.delete(key);
  }
}

/** Whoever has recorded the others exports them as well. */
function isOwn({ attributes }: Span): boolean {
  return attributes["otel.scope.name"] === undefined;
}
