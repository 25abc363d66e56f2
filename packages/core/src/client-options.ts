import {
  BOOLEAN,
  checkOptions,
  FUNCTION,
  MILLISECONDS,
  OBJECT,
  type OptionCheck,
  type OptionChecks,
  STORE_OPTIONS,
  TEXT,
} from "@rivulet/store";
import type { Ids } from "./context.ts";
import type { PromptOptions, RivuletOptions } from "./rivulet-options.ts";
import type { SystemMetricsOptions } from "./system-metrics/system-metrics.ts";
import { checkRetention } from "./tracing/retention.ts";
import { SAMPLING, TAIL_SAMPLING } from "./tracing/sampling/check-sampling.ts";
import type { TracingOptions } from "./tracing/tracing-options.ts";
import type { WebhookOptions } from "./webhooks/webhooks.ts";

const { durability, journalBytes, attachmentBytes, artifacts, spool, fileMode } =
  STORE_OPTIONS.checks;

/** Checked where the store is opened. */
const ANYTHING: OptionCheck = { accepts: () => true, accepted: "anything" };

const CLIENT: OptionChecks<RivuletOptions> = {
  of: "a client",
  checks: {
    store: ANYTHING,
    onError: FUNCTION,
    tracing: OBJECT,
    clock: FUNCTION,
    ids: OBJECT,
    random: FUNCTION,
    prompts: OBJECT,
    webhooks: OBJECT,
    retention: {
      accepts: (value) => value === false || OBJECT.accepts(value),
      accepted: "an object, or false",
    },
    durability,
    journalBytes,
    attachmentBytes,
    artifacts,
    artifactBytes: attachmentBytes,
    spool,
    waitUntil: FUNCTION,
    systemMetrics: {
      accepts: (value) => typeof value === "boolean" || OBJECT.accepts(value),
      accepted: "true, false or an object",
    },
    sourceTags: BOOLEAN,
    fileMode,
  },
  elsewhere: {
    readOnly:
      "A client records. For read-only access, pass it a store opened read-only: createRivulet({ store: await openStore(url, { readOnly: true }) }).",
  },
};

const TRACING: OptionChecks<TracingOptions> = {
  of: "tracing",
  checks: {
    enabled: BOOLEAN,
    ...SAMPLING,
    mask: FUNCTION,
    media: {
      accepts: (value) => value === "store" || value === "describe" || value === "drop",
      accepted: '"store", "describe" or "drop"',
    },
    mediaBytes: attachmentBytes,
    maskSecrets: BOOLEAN,
    maskTimeoutMs: MILLISECONDS,
    maskText: {
      accepts: (value) => [value].flat().every((mask) => typeof mask === "function"),
      accepted: "a function or a list of functions",
    },
    experiment: TEXT,
    abandonAfterMs: MILLISECONDS,
    prices: OBJECT,
    pricesFile: TEXT,
  },
};

const PROMPTS: OptionChecks<PromptOptions> = {
  of: "prompts",
  checks: { aliasTtlMs: MILLISECONDS },
};

const WEBHOOKS: OptionChecks<WebhookOptions> = {
  of: "webhooks",
  checks: { allowPrivate: BOOLEAN, retryMs: MILLISECONDS },
};

const IDS: OptionChecks<Ids> = {
  of: "ids",
  checks: {
    experiment: FUNCTION,
    run: FUNCTION,
    trace: FUNCTION,
    span: FUNCTION,
    entity: FUNCTION,
  },
};

const SYSTEM_METRICS: OptionChecks<SystemMetricsOptions> = {
  of: "systemMetrics",
  checks: { intervalMs: MILLISECONDS, gpu: BOOLEAN },
};

/** Checks the options of `createRivulet`, including nested ones. @throws RivuletError `invalid_argument` */
export function checkClientOptions(options: RivuletOptions): void {
  checkOptions(options, CLIENT);
  const { tracing, prompts, webhooks, ids, retention, systemMetrics } = options;
  if (typeof systemMetrics === "object") checkOptions(systemMetrics, SYSTEM_METRICS);
  if (retention !== undefined && retention !== false) checkRetention(retention);
  if (tracing !== undefined) checkOptions(tracing, TRACING);
  if (tracing?.tailSampling !== undefined) checkOptions(tracing.tailSampling, TAIL_SAMPLING);
  if (prompts !== undefined) checkOptions(prompts, PROMPTS);
  if (webhooks !== undefined) checkOptions(webhooks, WEBHOOKS);
  if (ids !== undefined) checkOptions(ids, IDS);
}
