import type { ModelPrices } from "./prices/model-price.ts";
import type { MaskValue } from "./tracing.ts";

/** How traces are recorded. */
export interface TracingOptions {
  /** @default true */
  readonly enabled?: boolean;
  /** Share of traces that are recorded, 0 to 1, decided at the root. @default 1 */
  readonly sampleRate?: number;
  /** Runs before anything is stored, after the built-in masking of secrets. */
  readonly mask?: MaskValue;
  /** Mask values that look like credentials (`authorization`, `password`, `api_key`, bearer and `sk-` values). @default true */
  readonly maskSecrets?: boolean;
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
