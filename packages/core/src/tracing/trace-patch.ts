import type { JsonObject, StringMap } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import { cutText, type TraceFacts } from "@rivulet/store";
import { fitToSize } from "./fit-size.ts";
import { asName, asOptionalName, asText } from "./given-values.ts";
import type { StartSpanOptions, TraceFields, TracePatch } from "./tracing.ts";

/** What is known of a trace, and what did not fit. */
export interface MergedTrace {
  readonly trace: TraceFacts;
  readonly droppedTags: number;
}

type Given = { readonly [K in keyof TracePatch]: TracePatch[K] | undefined };

/** What is known of a trace with `patch` added: maps are merged, other fields replaced, and all of it is bounded. */
export function mergeTrace(known: TraceFacts | undefined, patch: Given): MergedTrace {
  const { tags = {}, metadata } = patch;
  const all = Object.entries({ ...known?.tags, ...cutTags(tags) });
  const kept = all.slice(0, LIMITS.traceTags);
  return {
    trace: {
      ...known,
      ...idsOf(patch),
      ...(kept.length === 0 ? {} : { tags: Object.fromEntries(kept) }),
      ...(metadata && { metadata: fitMetadata({ ...known?.metadata, ...metadata }) }),
    },
    droppedTags: all.length - kept.length,
  };
}

const IDS = ["sessionId", "userId", "runId"] as const;

/**
 * Only what is there, as text: a number would be stored as "42.0", and an object not at all. Traces are looked up by
 * them: a database indexes no endless ones.
 */
function idsOf(patch: Given): TraceFacts {
  const ids: Record<string, string> = {};
  for (const name of IDS) {
    const id = asOptionalName(patch[name]);
    if (id !== undefined) ids[name] = id;
  }
  return ids;
}

function cutTags(tags: StringMap): StringMap {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [
      asName(key),
      cutText(asText(value), LIMITS.tagValue),
    ]),
  );
}

function fitMetadata(metadata: JsonObject): JsonObject {
  const fitted = fitToSize(metadata, LIMITS.metadataBytes);
  const kept = fitted?.parse() ?? {};
  return fitted?.keys === undefined ? { "rivulet.leftOut": kept } : (kept as JsonObject);
}

/** What `withTrace` says, and stronger, what the span's own options do. */
export function withShared(given: StartSpanOptions, shared: TraceFields): StartSpanOptions {
  const { sessionId, userId, tags, metadata } = shared;
  return {
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...given,
    ...(tags && { tags: { ...tags, ...given.tags } }),
    ...(metadata && { metadata: { ...metadata, ...given.metadata } }),
  };
}
