import { RivuletError } from "@rivulet/domain";
import { RecordedSpan } from "./recorded-span.ts";
import type { AbandonReason, ActiveSpan, SpanWatch, SpanWatchOptions } from "./tracing.ts";

/** What a {@link WatchTable} works with. */
export interface WatchTableParts {
  readonly now: () => number;
  /** Applies to a watch that does not set its own. */
  readonly abandonAfterMs: number;
  readonly reportError: (error: unknown) => void;
  /** Schedules the next round of the timer, at the latest after this many milliseconds. */
  readonly within: (milliseconds: number) => void;
}

/** Above this number the oldest is ended. */
const MAX_WATCHED = 10_000;
/** Most spans have ended by then, which spares them V8's finalization registry: it costs as much as recording them. */
const YOUNG_MS = 100;

const MESSAGES = {
  left: "Its consumer left before the end.",
  too_many: "Too many were open at the same time.",
  closed: "The client was closed before the end.",
} as const satisfies Record<AbandonReason, string>;

/** One watched span. */
class Watched implements SpanWatch {
  readonly span: ActiveSpan;
  readonly abandonAfterMs: number;
  readonly isWaiting: SpanWatchOptions["isWaiting"];
  readonly onAbandoned: SpanWatchOptions["onAbandoned"];
  /** The object whose lifetime it shares, while the watch is young. */
  young: object | undefined;
  isRegistered = false;
  isAbandoned = false;
  readonly #table: WatchTable;
  #lastNews: number;

  constructor(table: WatchTable, span: ActiveSpan, options: SpanWatchOptions) {
    this.#table = table;
    this.span = span;
    this.abandonAfterMs = options.abandonAfterMs ?? table.parts.abandonAfterMs;
    this.isWaiting = options.isWaiting;
    this.onAbandoned = options.onAbandoned;
    this.young = options.aliveWith;
    this.#lastNews = span.sampled ? span.startTime : table.parts.now();
  }

  get lastNews(): number {
    const { span } = this;
    return span instanceof RecordedSpan
      ? Math.max(span.lineage.lastNews, this.#lastNews)
      : this.#lastNews;
  }

  touch(): void {
    this.#lastNews = this.#table.parts.now();
    if (!this.isAbandoned) return;
    this.isAbandoned = false;
    this.#table.add(this);
  }

  stop(): void {
    this.#table.remove(this);
  }
}

/** The spans that adapters watch: a bounded number, each for a bounded time. */
export class WatchTable {
  readonly parts: WatchTableParts;
  readonly #watches = new Set<Watched>();
  readonly #garbage = new FinalizationRegistry<Watched>((watch) => {
    if (this.#watches.has(watch)) this.#abandon(watch, "left");
  });

  constructor(parts: WatchTableParts) {
    this.parts = parts;
  }

  get size(): number {
    return this.#watches.size;
  }

  /** See `Tracing.watchSpan`. */
  watch(span: ActiveSpan, options: SpanWatchOptions): SpanWatch {
    const watch = new Watched(this, span, options);
    this.add(watch);
    return watch;
  }

  add(watch: Watched): void {
    const [oldest] = this.size < MAX_WATCHED ? [] : this.#watches;
    if (oldest !== undefined) {
      this.parts.reportError(tooMany());
      this.#abandon(oldest, "too_many");
    }
    lastRounds.add(this.#lastRound);
    this.#watches.add(watch);
    this.parts.within(watch.young === undefined ? watch.abandonAfterMs / 2 : YOUNG_MS);
  }

  remove(watch: Watched): void {
    this.#watches.delete(watch);
    watch.young = undefined;
    if (watch.isRegistered) this.#garbage.unregister(watch);
    watch.isRegistered = false;
  }

  /** The shortest `abandonAfterMs` of all watches. */
  shortest(): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (const { abandonAfterMs } of this.#watches) shortest = Math.min(shortest, abandonAfterMs);
    return shortest;
  }

  /** Registers those that are no longer young, so that they end when their object is garbage-collected. */
  grow(): void {
    for (const watch of this.#watches) {
      if (watch.young === undefined) continue;
      this.#garbage.register(watch.young, watch, watch);
      watch.isRegistered = true;
      watch.young = undefined;
    }
  }

  /** Ends those without news for too long. */
  sweep(time: number): void {
    this.#abandonIdle((watch) => time - watch.lastNews > watch.abandonAfterMs);
  }

  /** Ends all. */
  close(): void {
    for (const watch of this.#watches) this.#abandon(watch, "closed");
    lastRounds.remove(this.#lastRound);
  }

  /** When the process has nothing left to do, nobody will read on. */
  readonly #lastRound = (): void => this.#abandonIdle(() => true);

  #abandonIdle(isIdle: (watch: Watched) => boolean): void {
    for (const watch of this.#watches) {
      if (isIdle(watch) && watch.isWaiting?.() !== true) this.#abandon(watch, "left");
    }
  }

  #abandon(watch: Watched, reason: AbandonReason): void {
    this.remove(watch);
    watch.isAbandoned = true;
    const statusMessage = MESSAGES[reason];
    try {
      watch.onAbandoned({ status: "abandoned", statusMessage, endTime: watch.lastNews }, reason);
    } catch (error) {
      this.parts.reportError(error);
    }
  }
}

/** What runs when the process has nothing left to do: one listener for all clients. */
const lastRounds = createLastRounds();

function createLastRounds(): { add(round: () => void): void; remove(round: () => void): void } {
  const rounds = new Set<() => void>();
  const run = (): void => {
    for (const round of rounds) round();
  };
  return {
    add(round) {
      if (rounds.size === 0) process.on("beforeExit", run);
      rounds.add(round);
    },
    remove(round) {
      rounds.delete(round);
      if (rounds.size === 0) process.off("beforeExit", run);
    },
  };
}

function tooMany(): RivuletError {
  const message = `More than ${MAX_WATCHED} calls are open, so the oldest are ended as abandoned. A stream that is not read to its end stays open until it is garbage-collected or has been silent for too long.`;
  return new RivuletError("limit_exceeded", message, { details: { limit: MAX_WATCHED } });
}
