import { type ActiveSpan, reportedTier } from "@rivulet/core";
import type { RecordPolicy } from "../sdk/policy.ts";
import { type Fields, fieldOf, fieldsOf } from "../sdk/read-value.ts";
import { answerFacts, answeringModel } from "./answer-facts.ts";
import { describeUsage } from "./answer-usage.ts";

/** Settings that say nothing of what the user has asked. */
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

/** The tier that was asked for. The one that served the call replaces it: a stream of chat completions tells of none. */
export function requestedTier(given: object): Fields | undefined {
  const options = Object.values(fieldsOf((given as Fields)["providerOptions"]) ?? {});
  const serviceTier = options.map(reportedTier).find((tier) => tier !== undefined);
  return serviceTier === undefined ? undefined : { serviceTier };
}

/** What a request says in words of its provider or of the app, which stays out where inputs do. */
export function requestDetails(given: object): Fields | undefined {
  const { providerOptions, responseFormat } = given as Fields;
  const { rivulet: _ours, ...options } = fieldsOf(providerOptions) ?? {};
  const format = fieldOf(responseFormat, "type") === "json" ? responseFormat : undefined;
  const details = {
    ...(Object.keys(options).length === 0 ? {} : { providerOptions: options }),
    ...(format === undefined ? {} : { responseFormat: format }),
  };
  return Object.keys(details).length === 0 ? undefined : details;
}

/** Writes what a model said about its answer: usage, finish reason, the model that really answered. */
export function describeAnswer(
  { span, policy }: { readonly span: ActiveSpan; readonly policy: RecordPolicy },
  answer: Fields,
): void {
  describeUsage(span, answer);
  const { providerMetadata } = answer;
  const modelId = answeringModel(answer);
  if (modelId !== undefined) span.setModel(modelId);
  const attributes = answerFacts(answer);
  if (policy.inputs && policy.outputs && providerMetadata !== undefined) {
    attributes["providerMetadata"] = providerMetadata;
  }
  span.setAttributes(attributes);
}
