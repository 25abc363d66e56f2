import type { ActiveSpan, Rivulet, TracePatch } from "@rivulet/core";
import { describeAnswer, requestDetails } from "../models/model-attributes.ts";
import { enclosingSpan } from "../models/model-call.ts";
import { readMarker } from "../sdk/call-marker.ts";
import { type MediaKind, mediaInput, mediaOutput, mediaSettings } from "../sdk/media-content.ts";
import { endOfFailure, policyOf, type RecordPolicy } from "../sdk/policy.ts";
import { processState } from "../sdk/process-state.ts";
import { type Fields, fieldOf, fieldsOf, textOf } from "../sdk/read-value.ts";
import { type SdkCall, startedCall } from "./sdk-call.ts";
import { tapModel } from "./tapped-model.ts";

/** One call of a model of images, speech, recordings or videos. */
interface MediaCall {
  readonly rivulet: Rivulet;
  readonly policy: RecordPolicy;
  readonly experimentId: string | undefined;
  /** What the app says of the trace. */
  readonly trace: TracePatch | undefined;
  readonly model: Fields;
  readonly params: Fields;
  readonly execute: () => PromiseLike<unknown>;
}

/** How the calls of a model are recorded. */
export type MediaRecording = Pick<MediaCall, "rivulet" | "policy" | "experimentId">;

/** The model with its calls recorded. */
export function tapMediaModel(recording: MediaRecording, model: Fields): object {
  return tapModel(model, ["doGenerate"], (execute, given) => {
    const params = fieldsOf(given) ?? {};
    const marker = readMarker({ providerOptions: params["providerOptions"] });
    const policy = policyOf({}, recording.policy, marker.record);
    return runMediaCall({ ...recording, policy, trace: marker.trace, model, params, execute });
  });
}

/** Spans of such calls: a model that is traced twice is recorded once. */
const own = processState("media-spans", () => new WeakSet<ActiveSpan>());

/**
 * Makes the call in a span of its own. AI SDK 7 records speech and transcription itself, but without the recordings:
 * they are added to its span then.
 */
async function runMediaCall(call: MediaCall): Promise<unknown> {
  const { rivulet, execute, params } = call;
  const active = rivulet.activeSpan();
  if (active !== undefined && own.has(active) && !active.ended) return execute();
  const told = active === undefined ? undefined : startedCall(active);
  const kind = kindOf(call);
  if (told?.root.type === "llm") return addRecordings({ ...call, kind }, told);

  const span = startSpan(call, kind);
  try {
    const result = await rivulet.runInSpan(span, execute);
    attempt(rivulet, () => describe(span, { ...call, kind }, result));
    span.end();
    return result;
  } catch (error) {
    const signal = params["abortSignal"];
    const { policy } = call;
    span.end(endOfFailure(error, policy, signal instanceof AbortSignal ? signal : undefined));
    throw error;
  }
}

/** A model's methods are all called alike: what it is given says what is wanted. */
function kindOf({ model, params }: MediaCall): MediaKind {
  if (params["audio"] !== undefined) return "transcribe";
  if (typeof params["text"] === "string") return "speak";
  return "maxVideosPerCall" in model ? "video" : "image";
}

function startSpan(call: MediaCall, kind: MediaKind): ActiveSpan {
  const { rivulet, model, params, policy, experimentId } = call;
  const modelId = textOf(model["modelId"]) ?? "unknown model";
  const provider = textOf(model["provider"]);
  const parent = enclosingSpan(rivulet);
  const span = rivulet.startSpan(`${kind} ${modelId}`, {
    type: "llm",
    model: modelId,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(experimentId === undefined ? {} : { experimentId }),
  });
  own.add(span);
  if (call.trace !== undefined) span.setTrace(call.trace);
  if (span.sampled === false) return span;
  attempt(rivulet, () => {
    span.setAttributes(mediaSettings(params));
    if (!policy.inputs) return;
    span.setInput(mediaInput(kind, params));
    const details = requestDetails(params);
    if (details !== undefined) span.setAttributes(details);
  });
  return span;
}

interface KnownCall extends MediaCall {
  readonly kind: MediaKind;
}

function describe(span: ActiveSpan, { kind, params, policy }: KnownCall, result: unknown): void {
  if (span.sampled === false) return;
  // What is said of an image may repeat it.
  const { providerMetadata: _, ...answer } = fieldsOf(result) ?? {};
  describeAnswer({ span, policy }, answer);
  if (policy.outputs) span.setOutput(mediaOutput(kind, answer, params));
}

async function addRecordings(call: KnownCall, told: SdkCall): Promise<unknown> {
  const { rivulet, kind, params, execute } = call;
  const { root, policy } = told;
  if (kind === "transcribe" && policy.inputs) {
    attempt(rivulet, () => root.setInput(mediaInput(kind, params)));
  }
  const result = await execute();
  if (kind === "speak" && fieldOf(result, "audio") !== undefined) {
    attempt(rivulet, () => {
      told.output = mediaOutput(kind, fieldsOf(result) ?? {}, params);
    });
  }
  return result;
}

/** A defect of ours must not spoil the app's answer. */
function attempt(rivulet: Rivulet, work: () => void): void {
  try {
    work();
  } catch (error) {
    rivulet.reportError(error);
  }
}
