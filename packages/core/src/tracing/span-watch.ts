import { RivuletError } from "@rivulet/domain";
import { RecordedSpan } from "./recorded-span.ts";
import type { AbandonReason, ActiveSpan, SpanWatch, SpanWatchOptions } from "./tracing.ts";

/** What a {@link WatchTable} works with. */
export interface WatchTableParts {
  readonly now: () => number;
  /** Of a watch that says nothing else. */
  readonly abandonAfterMs: number;
  readonly reportError: (error: unknown) => void;
  /** Asks for a round of the timer after so many milliseconds, or sooner. */
  readonly within: (milliseconds: number) => void;
}

/** Over this many the oldest is ended. */
const MAX_WATCHED = 10_000;
/** Most spans have ended by then, and V8's registry costs as much as the rest of their record. */
const YOUNG_MS = 100;

const MESSAGES = {
  left: "Its consumer left before the end.",
  too_many: "Too many were open at the same time.",
  closed: "The client was closed before the end.",
} as const satisfies Record<AbandonReason, string>;

/** One span that is watched. */
class Watched implements SpanWatch {
  readonly span: ActiveSpan;
  readonly abandonAfterMs: number;
  readonly isWaiting: SpanWatchOptions["isWaiting"];
  readonly onAbandoned: SpanWatchOptions["onAbandoned"];
  /** The object it lives with, as long as it is young. */
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

/** The spans that adapters watch over: so many at most, and none for ever. */
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

  /** The shortest time without news after which one counts as left. */
  shortest(): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (const { abandonAfterMs } of this.#watches) shortest = Math.min(shortest, abandonAfterMs);
    return shortest;
  }

  /** Those that are no longer young are left when their object is garbage. */
  grow(): void {
    for (const watch of this.#watches) {
      if (watch.young === undefined) continue;
      this.#garbage.register(watch.young, watch, watch);
      watch.isRegistered = true;
      watch.young = undefined;
    }
  }

  /** Ends those that had no news for too long. */
  sweep(time: number): void {
    this.#abandonIdle((watch) => time - watch.lastNews > watch.abandonAfterMs);
  }

  /** Ends all. */
  close(): void {
    for (const watch of this.#watches) this.#abandon(watch, "closed");
    lastRounds.remove(this.#lastRound);
  }

  /** The process has nothing more to do: nobody reads on. */
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

/** What is done when the process has nothing more to do: one listener for all clients. */
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
  const message = `More than ${MAX_WATCHED} calls are open: the oldest are closed as abandoned. Streams that are not read to their end stay open until they are garbage, or have had no news for long.`;
  return new RivuletError("limit_exceeded", message, { details: { limit: MAX_WATCHED } });
}
