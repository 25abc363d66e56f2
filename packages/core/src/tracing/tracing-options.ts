import type { MaskingOptions } from "../masking/mask-value.ts";
import type { ModelPrices } from "./prices/model-price.ts";
import type { SampleRate, TailSamplingOptions } from "./sampling/sampling-options.ts";

/** How traces are recorded. */
export interface TracingOptions extends MaskingOptions {
  /** @default true */
  readonly enabled?: boolean;
  /**
   * Share of traces that are recorded, decided when they begin: by their ids, so that every service decides the same. A
   * trace that another service began is recorded if it is there, and traces of runs and evaluations always are. Of spans
   * that come from elsewhere, names do not count. @default 1
   */
  readonly sampleRate?: SampleRate;
  /**
   * What is drawn, each `trace` or each `session`: then all traces of a session are recorded, or none. It counts what is
   * known of the session when a trace begins: the option `sessionId` or `withTrace`. @default 'trace'
   */
  readonly sampleBy?: "trace" | "session";
  /**
   * Keeps only some of the recorded traces, as it turns out at their ends. Until then they wait in memory, where they
   * are lost if the process is killed; after `flush()` they can be seen. @default all are kept
   */
  readonly tailSampling?: TailSamplingOptions;
  /**
   * What becomes of images, speech, documents and other bytes in a span: `store` keeps them apart, once for equal bytes;
   * `describe` keeps their type, name and size; `drop` only that there was a file. What is at a URL is never fetched.
   *
   * @default 'store'
   */
  readonly media?: "store" | "describe" | "drop";
  /** Largest of these files that is kept, in bytes; larger ones are described, and counted in `stats()`. @default 10485760 (10 MiB) */
  readonly mediaBytes?: number;
  /** Experiment of new traces. @default 'Default' */
  readonly experiment?: string;
  /** Milliseconds after which an open span without news is closed as `abandoned`. @default 3600000 */
  readonly abandonAfterMs?: number;
  /** Prices of models, in US dollars per million tokens; added to the built-in list, and stronger. */
  readonly prices?: ModelPrices;
  /**
   * Path of a JSON file of the same shape as `prices`: stronger than the built-in list, weaker than `prices`. A file
   * that cannot be read is reported to `onError`. @default the environment variable `RIVULET_PRICES`
   */
  readonly pricesFile?: string;
}
