import type { Artifacts } from "./artifacts/artifacts.ts";
import type { Datasets } from "./datasets/datasets.ts";
import type { EvaluateOptions, EvaluationResult, Evaluations } from "./evaluation/evaluations.ts";
import type { Prompts } from "./prompts/prompts.ts";
import type { Models } from "./registry/models.ts";
import type { JournalStats, Store, StoreChange, StoreInfo } from "./store/store.ts";
import type { ModelPrices } from "./tracing/prices.ts";
import type { Traces } from "./tracing/traces.ts";
import type { MaskValue, Tracing } from "./tracing/tracing.ts";
import type { Experiments } from "./tracking/experiments.ts";
import type { Runs } from "./tracking/runs.ts";

/** Options of {@link createRivulet}. */
export interface RivuletOptions {
  /** URL of the store, or an open store. @default `RIVULET_STORE`, else `sqlite:./.rivulet/rivulet.db` */
  readonly store?: string | Store;
  /** Told, at most once a second per message, of failures that must not reach the app. @default a line on stderr */
  readonly onError?: (error: Error) => void;
  readonly tracing?: TracingOptions;
  /** Milliseconds since the epoch, with fractions. @default performance.timeOrigin + performance.now() */
  readonly clock?: () => number;
  readonly ids?: Ids;
  /** See `openStore`. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** See `openStore`. */
  readonly journalBytes?: number;
}

/** Makes ids. Time-ordered, so that indexes stay compact. */
export interface Ids {
  experiment(): string;
  run(): string;
  trace(): string;
  span(): string;
  /** Assessments, artifacts. */
  entity(): string;
}

export interface TracingOptions {
  /** @default true */
  readonly enabled?: boolean;
  /** Share of traces that are recorded, 0 to 1, decided at the root. @default 1 */
  readonly sampleRate?: number;
  /** Runs before anything is stored, after the built-in masking of secrets. */
  readonly mask?: MaskValue;
  /** Mask values that look like credentials (`authorization`, `password`, `api_key`, bearer and `sk-` values). @default true */
  readonly maskSecrets?: boolean;
  /** Experiment of new traces. @default 'Default' */
  readonly experiment?: string;
  /** Milliseconds after which an open span without news is closed as `abandoned`. @default 3600000 */
  readonly abandonAfterMs?: number;
  /** Prices of models, in US dollars per million tokens; added to the built-in list, and stronger. */
  readonly prices?: ModelPrices;
}

/** The client: everything Rivulet does, on one store. */
export interface Rivulet extends Tracing, AsyncDisposable {
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
  readonly models: Models;
  readonly prompts: Prompts;
  readonly traces: Traces;
  readonly datasets: Datasets;
  readonly evaluations: Evaluations;
  /** Runs a task over examples, scores each, and keeps the result as a run. */
  evaluate<Input, Output, Expected>(
    options: EvaluateOptions<Input, Output, Expected>,
  ): Promise<EvaluationResult>;
  /** Resolves when everything recorded so far is in the store. */
  flush(): Promise<void>;
  /** Flushes, then closes the store. Safe to call twice. */
  close(): Promise<void>;
  /** Calls back when something changed, here or in another process; for live views. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  stats(): Promise<RivuletStats>;
  /** Reports a failure that must not reach the app; for adapters. Never throws. */
  reportError(error: unknown): void;
}

/** How the client is doing. */
export interface RivuletStats {
  readonly store: StoreInfo;
  readonly journal: JournalStats;
  /** Failures reported since the start. */
  readonly errors: number;
  /** Spans open now. */
  readonly openSpans: number;
}

/**
 * The client on a store. Returns at once: the store is opened in the background, and the first call waits
 * for it and carries its error.
 */
export declare function createRivulet(options?: RivuletOptions): Rivulet;
