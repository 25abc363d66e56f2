import type { Store } from "@rivulet/store";
import type { Ids } from "./context.ts";
import type { SystemMetricsOptions } from "./system-metrics/system-metrics.ts";
import type { TraceRetention } from "./tracing/traces.ts";
import type { TracingOptions } from "./tracing/tracing-options.ts";
import type { WebhookOptions } from "./webhooks/webhooks.ts";

/** Options of `createRivulet`. */
export interface RivuletOptions {
  /** URL of the store, or an open store, which is then closed with the client. @default `RIVULET_STORE`, else `sqlite:./.rivulet/rivulet.db` */
  readonly store?: string | Store;
  /** Called with failures that must not reach the app, at most once a second per message. @default a line on stderr */
  readonly onError?: (error: Error) => void;
  /** How traces are recorded. */
  readonly tracing?: TracingOptions;
  /** Clock: milliseconds since the epoch, with fractions. @default performance.timeOrigin + performance.now() */
  readonly clock?: () => number;
  /** Generator of ids, for reproducible tests. @default random ids that are ordered by time */
  readonly ids?: Ids;
  /** Random number from 0 up to 1, for draws that need not be reproducible. @default Math.random */
  readonly random?: () => number;
  /** How webhooks are sent. */
  readonly webhooks?: WebhookOptions;
  /** Caching of prompts. */
  readonly prompts?: PromptOptions;
  /**
   * Which traces are kept; the others are deleted in the background, in small steps. `false` keeps all. An object takes
   * the place of the default as a whole: what it leaves out sets no bound. Unless it says otherwise, traces stay that
   * have an assessment, are of an evaluation, are the source of a dataset record, or are pinned.
   *
   * By default nothing is removed in the first 24 hours after a line on stderr has said what will be; nor while another
   * client of the store is given this option; nor from a store in memory.
   *
   * @default { maxAgeMs: 30 days, maxBytes: 5e9 }
   */
  readonly retention?: TraceRetention | false;
  /** When the spool is written to disk: once per event-loop tick, or with every record. See `openStore`. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Bytes of pending records beyond which further ones are dropped. See `openStore`. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Most bytes of files that spans refer to, such as images. See `openStore`. @default 1 GiB */
  readonly attachmentBytes?: number;
  /** Where the bytes of files are kept: `s3://BUCKET/PREFIX`. See `openStore`. @default `RIVULET_ARTIFACTS`, else beside the store */
  readonly artifacts?: string;
  /** Most bytes of one artifact. @default 1 GiB */
  readonly artifactBytes?: number;
  /** Folder of the spool. See `openStore`. @default `<path>.spool` beside a file, else a folder under `.rivulet/` */
  readonly spool?: string;
  /**
   * Called each time a trace ends, with a promise that resolves when it is in the store and never rejects: the function of
   * the platform that keeps a serverless function alive, such as `waitUntil` of `@vercel/functions` or `after` of Next.js.
   * Several traces share a flush. @default none: nothing is flushed in the background
   */
  readonly waitUntil?: (flushed: Promise<void>) => unknown;
  /**
   * Facts of the machine and the process that are recorded with every run that this client starts; `runs.start` may say
   * otherwise.
   *
   * @default false
   */
  readonly systemMetrics?: boolean | SystemMetricsOptions;
  /**
   * Whether runs that are started in this process say who runs which program, and what is checked out: MLflow's tags
   * `mlflow.user` and `mlflow.source.…`. The environment variable `RIVULET_SOURCE_TAGS=false` is the default otherwise.
   *
   * @default true
   */
  readonly sourceTags?: boolean;
  /** Permissions of new files. See `openStore`. @default 0o600 */
  readonly fileMode?: number;
}

/** Options of the prompt registry. */
export interface PromptOptions {
  /**
   * Milliseconds after which a cached alias is looked up again in the background. This is a fallback: changes by any
   * process are normally noticed within a second or two.
   *
   * @default 60000
   */
  readonly aliasTtlMs?: number;
}
