import { endEmbedding, startEmbedding } from "../calls/child-spans.ts";
import type { Recorder } from "../calls/recorder.ts";
import { startCallModel } from "../calls/sdk-call.ts";
import { closeByFailure, completeModelCall, enterModelCall } from "../models/model-call.ts";
import { numberOf } from "../sdk/read-value.ts";
import type { SdkEvent, SdkListener } from "../sdk/sdk-event.ts";

/** The handlers of AI SDK 7 for calls without steps: embeddings and the object functions. */
export interface LeafHandlers {
  /** One embedding request starts: opens its span. */
  readonly onEmbedStart: SdkListener;
  /** One embedding request has ended: ends its span with usage and dimensions. */
  readonly onEmbedEnd: SdkListener;
  /** The model call of an object function starts: opens its span. */
  readonly onObjectStepStart: SdkListener;
  /** The model call of an object function has ended: ends its span. */
  readonly onObjectStepEnd: SdkListener;
}

/** Makes the {@link LeafHandlers}. */
export function createLeafHandlers({ calls, guard }: Recorder): LeafHandlers {
  return {
    onEmbedStart: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      startEmbedding(call, event);
      // There is no hook around the request; a client that is traced itself finds its span by the context alone.
      call.rivulet.enterSpan(call.embeddings.get(event.embedCallId) ?? call.root);
    }),
    onEmbedEnd: guard((event) => {
      const call = calls.get(event.callId);
      if (call !== undefined) endEmbedding(call, event);
    }),
    onObjectStepStart: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      const model = startCallModel(call, { ...event, messages: event.promptMessages });
      // There is no hook around the model call; middleware finds its span by the context alone.
      enterModelCall(model);
    }),
    onObjectStepEnd: guard((event) => {
      const model = calls.get(event.callId)?.model;
      if (model === undefined || model.ended) return;
      const firstMs = numberOf(event.msToFirstChunk);
      if (firstMs !== undefined) model.span.markFirstToken(model.span.startTime + firstMs);
      if (event.finishReason === "error") closeByFailure(model, { status: "error" });
      else completeModelCall(model, { ...event, content: objectContent(event) });
    }),
  };
}

function objectContent({ objectText }: SdkEvent): readonly unknown[] {
  return [{ type: "text", text: objectText }];
}
