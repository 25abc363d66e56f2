import type { ActiveSpan } from "@rivulet/core";
import type { RecordPolicy } from "../sdk/policy.ts";
import { type Fields, fieldOf, listOf, textOf } from "../sdk/read-value.ts";
import { describeUsage } from "./answer-usage.ts";

const SETTINGS = [
  "temperature",
  "maxOutputTokens",
  "topP",
  "topK",
  "presencePenalty",
  "frequencyPenalty",
  "stopSequences",
  "seed",
  "reasoning",
  "toolChoice",
] as const;

/** The settings of a request that were given. */
export function requestSettings(given: object): Fields | undefined {
  const fields = given as Fields;
  let settings: Record<string, unknown> | undefined;
  for (const name of SETTINGS) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    settings ??= {};
    settings[name] = value;
  }
  return settings;
}

/** Writes what a model said about its answer: usage, finish reason, the model that really answered. */
export function describeAnswer(
  { span, policy }: { readonly span: ActiveSpan; readonly policy: RecordPolicy },
  answer: Fields,
): void {
  describeUsage(span, answer);
  const { response, providerMetadata } = answer;
  const modelId = textOf(fieldOf(response, "modelId"));
  if (modelId !== undefined) span.setModel(modelId);
  const attributes = answerAttributes(answer);
  if (policy.inputs && policy.outputs && providerMetadata !== undefined) {
    attributes["providerMetadata"] = providerMetadata;
  }
  span.setAttributes(attributes);
}

function answerAttributes(answer: Fields): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  const { finishReason, warnings } = answer;
  const reason = textOf(finishReason) ?? textOf(fieldOf(finishReason, "unified"));
  const raw = textOf(fieldOf(finishReason, "raw")) ?? textOf(answer["rawFinishReason"]);
  const id = textOf(fieldOf(answer["response"], "id"));
  if (reason !== undefined) attributes["finishReason"] = reason;
  if (raw !== undefined && raw !== reason) attributes["rawFinishReason"] = raw;
  if (id !== undefined) attributes["responseId"] = id;
  if (listOf(warnings).length > 0) attributes["warnings"] = warnings;
  return attributes;
}
