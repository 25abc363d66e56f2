import { describeVectors } from "./call-output.ts";
import { listOf, textOf } from "./read-value.ts";
import type { SdkCall } from "./sdk-call.ts";
import type { SdkEvent } from "./sdk-event.ts";
import { toEmbeddingUsage } from "./token-usage.ts";

/**
 * Starts the span of one embedding call. `embed` is one such call, and its own span: each attempt after the
 * first is an event of it.
 */
export function startEmbedding(call: SdkCall, event: SdkEvent): void {
  if (call.root.type === "embedding") {
    call.attempts++;
    if (call.attempts > 1) call.root.addEvent("retry", { attempt: call.attempts });
    return;
  }
  const modelId = textOf(event.modelId) ?? "unknown model";
  const provider = textOf(event.provider);
  const span = call.rivulet.startSpan(`embed ${modelId}`, {
    type: "embedding",
    parent: call.root,
    model: modelId,
    ...(provider === undefined ? {} : { provider }),
    ...(call.policy.inputs ? { input: event.values } : {}),
  });
  call.embeddings.set(event.embedCallId, span);
}

/** Ends the span of one embedding call that was answered. */
export function endEmbedding(call: SdkCall, event: SdkEvent): void {
  const span = call.embeddings.get(event.embedCallId);
  if (span === undefined) return;
  call.embeddings.delete(event.embedCallId);
  const usage = toEmbeddingUsage(event.usage);
  if (usage !== undefined) span.setUsage(usage);
  const vectors = listOf(event.embeddings);
  span.end(call.policy.outputs && vectors.length > 0 ? { output: describeVectors(vectors) } : {});
}
