import { AsyncLocalStorage } from "node:async_hooks";
import type { EndSpanOptions } from "@rivulet/core";
import { endEmbedding, endTool, startEmbedding, startTool } from "../calls/child-spans.ts";
import type { Recorder } from "../calls/recorder.ts";
import { endCall, type SdkCall, startCall, startCallModel } from "../calls/sdk-call.ts";
import { completeModelCall, runInModelCall } from "../models/model-call.ts";
import { callKind, describeVectors } from "../sdk/call-content.ts";
import { endOfFailure } from "../sdk/policy.ts";
import { type Fields, fieldsOf, listOf, parsedOf, textOf } from "../sdk/read-value.ts";
import { inFormat, type ResponseFormat } from "../sdk/response-format.ts";
import type { SdkEvent } from "../sdk/sdk-event.ts";
import { toEmbeddingUsage } from "../sdk/token-usage.ts";
import { endOnAbort } from "./call-listeners.ts";
import type { TraceIdSource } from "./known-results.ts";
import { createTracerSpan, type SpanKind, type TracerSpan } from "./tracer-span.ts";

/** The part of OpenTelemetry's tracer that AI SDK 6 uses, with its spans going to Rivulet. */
export interface CallTracer {
  startSpan(name: string, options?: { readonly attributes?: Fields }): TracerSpan;
  startActiveSpan(name: string, ...rest: readonly unknown[]): unknown;
  /**
   * Runs a function of the SDK whose options are these: what the tracer is told of them is only text. The function is
   * given what tells the trace of the call, once the call has started.
   */
  announce<T>(options: Fields, work: (traceId: TraceIdSource) => T): T;
}

/** A call that the SDK was asked for and has not started. */
interface Announced {
  options: Fields | undefined;
  /** Where it is recorded, once it has started. */
  traceId?: string;
}

/** Makes a {@link CallTracer}. */
export function createCallTracer(recorder: Recorder): CallTracer {
  const announced = new AsyncLocalStorage<Announced>();
  const current = new AsyncLocalStorage<SdkCall>();

  function takeOptions(): Fields {
    const given = announced.getStore();
    const options = given?.options ?? {};
    if (given !== undefined) given.options = undefined;
    return options;
  }

  function kindOf(name: string, attributes: Fields): SpanKind | undefined {
    if (name === "ai.toolCall") return toolKind(current.getStore(), attributes);
    const [, operation, part] = name.split(".");
    if (operation === undefined) return undefined;
    if (part === undefined) return startOperation(name, attributes);
    const call = current.getStore();
    if (call === undefined) return undefined;
    if (part === "doEmbed") return embeddingKind(call, attributes);
    return part === "doRerank" ? undefined : modelKind(call, attributes);
  }

  function startOperation(name: string, attributes: Fields): SpanKind | undefined {
    const given = announced.getStore();
    const kind = operationKind(recorder, startEvent(name, attributes, takeOptions()));
    if (given !== undefined && kind !== undefined) given.traceId ??= kind.span.traceId;
    return kind;
  }

  function startSpan(name: string, options?: { readonly attributes?: Fields }): TracerSpan {
    const attributes = { ...options?.attributes };
    let kind: SpanKind | undefined;
    recorder.guard(() => {
      kind = kindOf(name, attributes);
    })(undefined);
    return createTracerSpan({ attributes, kind, guard: recorder.guard });
  }

  function runIn(kind: SpanKind | undefined, work: () => unknown): unknown {
    if (kind === undefined) return work();
    if (kind.model !== undefined) return runInModelCall(kind.model, work);
    const inSpan = (): unknown => kind.call.rivulet.runInSpan(kind.span, work);
    return kind.opensCall ? current.run(kind.call, inSpan) : inSpan();
  }

  return {
    startSpan,
    startActiveSpan(name, ...rest) {
      const [options] = rest;
      const work = rest.at(-1) as (span: TracerSpan) => unknown;
      const span = startSpan(name, typeof options === "object" ? fieldsOf(options) : undefined);
      return runIn(span.kind, () => work(span));
    },
    announce(options, work) {
      const given: Announced = { options };
      return announced.run(given, () => work(() => given.traceId));
    },
  };
}

/** The start of a call, as the integrations of AI SDK 7 are told it. */
function startEvent(name: string, attributes: Fields, options: Fields): SdkEvent {
  const telemetry = fieldsOf(options["experimental_telemetry"]) ?? {};
  return {
    ...options,
    // A schema may be of any library; the model is told it as JSON, and what it is told is recorded.
    schema: undefined,
    output: options["output"] ?? options["experimental_output"],
    ...(options["agent"] === true ? { headers: { "user-agent": "ai-sdk-agent/" } } : {}),
    operationId: name,
    value: options["value"] ?? options["values"],
    functionId: attributes["ai.telemetry.functionId"] ?? telemetry["functionId"],
    provider: attributes["ai.model.provider"],
    modelId: attributes["ai.model.id"],
    recordInputs: telemetry["recordInputs"],
    recordOutputs: telemetry["recordOutputs"],
    metadata: telemetry["metadata"],
  };
}

function operationKind(recorder: Recorder, event: SdkEvent): SpanKind | undefined {
  const { calls } = recorder;
  const rivulet = recorder.rivulet();
  const { leaf, ...kind } = callKind(event);
  const id = Symbol("call");
  calls.open({ id, rivulet }, () => startCall({ ...kind, rivulet, event, ...recorder.settings() }));
  const call = calls.get(id);
  if (call === undefined) return undefined;
  endOnAbort(call, event.abortSignal, () => calls.close(id));
  const modelId = textOf(event.modelId);
  if (leaf && modelId !== undefined) call.root.setModel(modelId, textOf(event.provider));
  return {
    call,
    span: call.root,
    opensCall: true,
    end(attributes, failure): void {
      calls.close(id);
      if (call.closed) return;
      const usage = toEmbeddingUsage({ tokens: attributes["ai.usage.tokens"] });
      if (call.root.type === "embedding" && usage !== undefined) call.root.setUsage(usage);
      endCall(call, operationEnd(call, attributes, failure));
    },
  };
}

function operationEnd(call: SdkCall, attributes: Fields, failure: unknown): EndSpanOptions {
  const failed = failure ?? call.model?.failure?.error;
  const outcome = failed === undefined ? {} : endOfFailure(failed, call.policy, call.model?.signal);
  const output = call.policy.outputs ? operationOutput(attributes, call.format) : undefined;
  return output === undefined ? outcome : { ...outcome, output };
}

function operationOutput(attributes: Fields, format: ResponseFormat): unknown {
  const vector = parsedOf(attributes["ai.embedding"]);
  if (vector !== undefined) return describeVectors(vector);
  const vectors = attributes["ai.embeddings"];
  if (vectors !== undefined) return describeVectors(listOf(vectors).map(parsedOf));
  const ranking = attributes["ai.ranking"];
  if (ranking !== undefined) return listOf(ranking).map(parsedOf);
  const text = attributes["ai.response.text"];
  const object = parsedOf(attributes["ai.response.object"]);
  if (object !== undefined) return object;
  return typeof text !== "string" || text === "" ? undefined : inFormat(format, text);
}

function modelKind(call: SdkCall, attributes: Fields): SpanKind {
  const { model } = call;
  const started =
    // A failed attempt is followed by the next one of the same call.
    model?.ended === false
      ? model
      : startCallModel(call, {
          provider: attributes["ai.model.provider"],
          modelId: attributes["ai.model.id"],
          messages: parsedOf(attributes["ai.prompt.messages"]),
          tools: toolsOf(attributes["ai.prompt.tools"]),
        });
  return {
    call,
    span: started.span,
    model: started,
    opensCall: false,
    end(ended, failure): void {
      if (failure !== undefined) started.failure = { error: failure };
      else if (started.attempts === 0) completeModelCall(started, answerOf(ended));
    },
    event(name, values): void {
      if (name !== "ai.stream.firstChunk") return;
      const ms = Number(values["ai.response.msToFirstChunk"]);
      if (started.attempts === 0) started.span.markFirstToken(started.span.startTime + ms);
    },
  };
}

function toolsOf(tools: unknown): unknown {
  return Array.isArray(tools) ? tools.map(parsedOf) : undefined;
}

/** The answer of a model that could not be tapped: one that was named by its id alone. */
function answerOf(attributes: Fields): Fields {
  const text = attributes["ai.response.text"] ?? attributes["ai.response.object"];
  const calls = listOf(parsedOf(attributes["ai.response.toolCalls"]));
  return {
    content: [
      ...(text === undefined || text === "" ? [] : [{ type: "text", text }]),
      ...calls.map((call) => ({ ...fieldsOf(call), type: "tool-call" })),
    ],
    finishReason: attributes["ai.response.finishReason"],
    response: { id: attributes["ai.response.id"], modelId: attributes["ai.response.model"] },
    providerMetadata: parsedOf(attributes["ai.response.providerMetadata"]),
    usage: {
      // The names that do not change from release to release.
      inputTokens: attributes["gen_ai.usage.input_tokens"],
      outputTokens: attributes["gen_ai.usage.output_tokens"],
      totalTokens: attributes["ai.usage.totalTokens"],
      reasoningTokens: attributes["ai.usage.reasoningTokens"],
      cachedInputTokens: attributes["ai.usage.cachedInputTokens"],
      inputTokenDetails: {
        cacheWriteTokens: attributes["ai.usage.inputTokenDetails.cacheWriteTokens"],
      },
    },
  };
}

function toolKind(call: SdkCall | undefined, attributes: Fields): SpanKind | undefined {
  if (call === undefined) return undefined;
  const run = startTool(call, {
    toolCallId: attributes["ai.toolCall.id"],
    toolName: attributes["ai.toolCall.name"],
    input: attributes["ai.toolCall.args"],
  });
  return {
    call,
    span: run.span,
    opensCall: false,
    end(ended, failure): void {
      const output = parsedOf(ended["ai.toolCall.result"]);
      const outcome =
        failure === undefined
          ? { type: "tool-result", output }
          : { type: "tool-error", error: failure };
      endTool(call, run, outcome);
    },
  };
}

function embeddingKind(call: SdkCall, attributes: Fields): SpanKind {
  const embedCallId = Symbol("embed");
  const values = listOf(attributes["ai.values"]).map(parsedOf);
  startEmbedding(call, {
    embedCallId,
    values,
    modelId: attributes["ai.model.id"],
    provider: attributes["ai.model.provider"],
  });
  return {
    call,
    span: call.embeddings.get(embedCallId) ?? call.root,
    opensCall: false,
    end(ended, failure): void {
      const span = call.embeddings.get(embedCallId);
      if (failure !== undefined) {
        span?.end(endOfFailure(failure, call.policy));
        call.embeddings.delete(embedCallId);
        return;
      }
      const embeddings = listOf(ended["ai.embeddings"]).map(parsedOf);
      endEmbedding(call, { embedCallId, embeddings, usage: { tokens: ended["ai.usage.tokens"] } });
    },
  };
}
