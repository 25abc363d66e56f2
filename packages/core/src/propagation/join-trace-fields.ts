import type { ActiveTrace, SharedTraceFields } from "./propagation.ts";

/** What is said closer by wins; tags and metadata are joined. */
export function joinTraceFields(
  outer: ActiveTrace | undefined,
  inner: SharedTraceFields,
): ActiveTrace {
  if (outer === undefined) return inner;
  return {
    ...outer,
    ...inner,
    ...(outer.tags && { tags: { ...outer.tags, ...inner.tags } }),
    ...(outer.metadata && { metadata: { ...outer.metadata, ...inner.metadata } }),
  };
}
