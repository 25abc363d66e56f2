import type { Assessment, JsonValue } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { notFound } from "../reference.ts";
import type { DatasetRecordInput } from "./datasets.ts";

/**
 * The example that a trace makes: its root's input, and what people said should have come out.
 *
 * @throws RivuletError `not_found`, or `invalid_argument` when the root has no input
 */
export async function readTraceRecord(
  store: Store,
  { traceId, useOutput }: { readonly traceId: string; readonly useOutput: boolean },
): Promise<DatasetRecordInput> {
  const spans = await store.traces.loadSpans(traceId);
  const ids = new Set(spans.map(({ id }) => id));
  const root = spans.find(({ parentId }) => parentId === undefined || !ids.has(parentId));
  if (root === undefined) throw notFound("trace", traceId);
  if (root.input === undefined) {
    throw new RivuletError(
      "invalid_argument",
      `The root span of trace ${traceId} has no input: no example can be made of it.`,
      { details: { id: traceId } },
    );
  }
  const assessments = await store.assessments.list({ traceIds: [traceId] });
  const expectations = collect(assessments) ?? (useOutput ? root.output : undefined);
  return {
    inputs: root.input,
    ...(expectations === undefined ? {} : { expectations }),
    sourceTraceId: traceId,
  };
}

/** Name → value of the expectations, the latest word on each; nothing when there are none. */
function collect(assessments: readonly Assessment[]): JsonValue | undefined {
  const entries = assessments
    .filter(({ kind }) => kind === "expectation")
    .map(({ name, value }) => [name, value] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
