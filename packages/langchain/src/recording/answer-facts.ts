import { reportedSearches, reportedTier } from "@rivulet/core";
import { callFields } from "../runs/call-fields.ts";
import { fieldsOf, isFilled, jsonOf, textOf } from "../runs/read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a model says about an answer, beside what it answers and counts. */
export interface AnswerFacts {
  /** The model that has answered, by its provider's name. */
  readonly model: string | undefined;
  /** Who runs the model. */
  readonly provider: string | undefined;
  /** Span attributes. */
  readonly attributes: Fields;
}

/** What the providers call the facts that most of them give. */
const NAMES = {
  finishReason: ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"],
  responseId: ["id", "responseId", "response_id"],
  systemFingerprint: ["system_fingerprint", "systemFingerprint"],
  serviceTier: ["service_tier", "serviceTier"],
  requestId: ["request_id", "_request_id", "requestId"],
} as const;

/** The fields of these names are the span's model and provider, or what its tokens are counted from. */
const ELSEWHERE = ["model_name", "model", "modelVersion", "model_provider"];
/** What says nothing of the answer: kinds of objects, and what LangChain counts or copies. */
const NOISE = new Set([
  ...["type", "object", "role", "index", "output_version"],
  ...["tokenUsage", "estimatedTokenUsage", "usageMetadata", "usage_metadata"],
  ...["prompt", "completion", "prompt_eval_count", "eval_count"],
  // What Bedrock's client says of its own work, and the frame of its streams.
  ...["$metadata", "messageStart", "contentBlockStart", "contentBlockStop", "messageStop"],
  "done",
  // The items of a response, which the message is made of.
  "output",
]);
/** A generation as models report it at their end. */
export interface AnsweredGeneration {
  readonly message?: unknown;
  readonly generationInfo?: unknown;
}

/** Reads what is said about an answer; each provider, and each way of calling it, says it elsewhere. */
export function readAnswerFacts({ message, generationInfo }: AnsweredGeneration): AnswerFacts {
  const { id, content, response_metadata, additional_kwargs } = fieldsOf(message);
  const metadata = fieldsOf(response_metadata);
  const beside = isFilled(additional_kwargs)
    ? callFields(fieldsOf(additional_kwargs), metadata)
    : {};
  const told: Fields = { ...fieldsOf(generationInfo), ...beside, ...metadata };
  const find = (names: readonly string[]): string | undefined => firstText(told, names);
  const attributes = withoutMissing({
    finishReason: find(NAMES.finishReason) ?? responseEnd(told),
    responseId: find(NAMES.responseId) ?? providersId(id),
    messageId: messageIdOf(told),
    systemFingerprint: find(NAMES.systemFingerprint),
    serviceTier:
      find(NAMES.serviceTier) ??
      reportedTier(told["usage"]) ??
      nestedText(told, "serviceTier", "type"),
    ...reportedSearches({
      usage: told["usage"],
      output: told["output"] ?? fieldsOf(additional_kwargs)["tool_outputs"] ?? content,
    }),
    requestId: find(NAMES.requestId) ?? nestedText(told, "$metadata", "requestId"),
    responseMetadata: restOf(told),
  });
  return {
    model: find(ELSEWHERE.slice(0, 3)),
    provider: textOf(metadata["model_provider"]),
    attributes,
  };
}

/** OpenAI's responses have a status, and where that is `incomplete`, a reason. */
function responseEnd(told: Fields): string | undefined {
  return nestedText(told, "incomplete_details", "reason") ?? textOf(told["status"]);
}

/** The message in a response of OpenAI's has an id of its own. */
function messageIdOf({ output }: Fields): string | undefined {
  const items = Array.isArray(output) ? output.map(fieldsOf) : [];
  return textOf(items.find(({ type }) => type === "message")?.["id"]);
}

/** LangChain gives messages ids of its own where the provider has none. */
function providersId(id: unknown): string | undefined {
  const text = textOf(id);
  return text === undefined || /^(?:run-|lc_)/.test(text) ? undefined : text;
}

/** What no attribute of its own stands for, each value once: Google's package gives some up to three times. */
function restOf(told: Fields): Fields | undefined {
  const taken = new Set<string>([...ELSEWHERE, ...Object.values(NAMES).flat()]);
  const known = new Set<string>();
  const rest = Object.entries(told).filter(([name, value]) => {
    if (NOISE.has(name) || !isFilled(value) || value === "") return false;
    if (taken.has(name) && typeof value === "string") return false;
    const json = typeof value === "object" ? jsonOf(value) : undefined;
    if (json === undefined) return true;
    const isNew = !known.has(json);
    known.add(json);
    return isNew;
  });
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = textOf(fields[name]);
    if (value !== undefined) return unrepeated(value);
  }
  return undefined;
}

function nestedText(fields: Fields, outer: string, inner: string): string | undefined {
  return textOf(fieldsOf(fields[outer])[inner]);
}

/** Where each chunk of a stream names the model, LangChain puts the names together as if they were text. */
function unrepeated(value: string): string {
  return value.length > 500 ? value : value.replace(/^(.{3,}?)\1+$/s, "$1");
}

function withoutMissing(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
