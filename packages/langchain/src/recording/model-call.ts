import type { ActiveSpan, TokenUsage } from "@rivulet/core";
import { isMessage, type MessageLike, pickMessage } from "../runs/pick-message.ts";
import { pickPayload } from "../runs/pick-payload.ts";
import { fieldsOf, textOf } from "../runs/read-fields.ts";
import { countsUp, type OpenRun, type RunStart } from "../runs/run.ts";
import { readAnswerFacts } from "./answer-facts.ts";
import { readAnswerUsage } from "./answer-usage.ts";
import { readTools, TOOL_FIELDS } from "./request-tools.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The providers' names of what every provider has. */
const SETTINGS: Readonly<Record<string, string>> = {
  temperature: "temperature",
  max_tokens: "maxOutputTokens",
  maxTokens: "maxOutputTokens",
  max_completion_tokens: "maxOutputTokens",
  max_output_tokens: "maxOutputTokens",
  maxOutputTokens: "maxOutputTokens",
  top_p: "topP",
  topP: "topP",
  top_k: "topK",
  topK: "topK",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  seed: "seed",
  num_predict: "maxOutputTokens",
  // Replaced by the tier that served the call, where the answer tells it.
  service_tier: "serviceTier",
  stop: "stopSequences",
  stop_sequences: "stopSequences",
  stopSequences: "stopSequences",
};
/** What Google, Bedrock and Ollama call the settings, which they keep together. */
const GROUPS = new Set(["generationConfig", "inferenceConfig", "options"]);
const NOT_SETTINGS = new Set([...TOOL_FIELDS, "model", "model_name", "modelName", "_type"]);

/** Gives a model's span what it is called with: messages or text, tools, the model's name. */
export function takeModelRequest(span: ActiveSpan, start: RunStart): void {
  const { invocation, metadata = {}, kind, input } = start;
  const model =
    textOf(metadata["ls_model_name"]) ??
    textOf(invocation?.["model"]) ??
    textOf(invocation?.["model_name"]) ??
    textOf(invocation?.["modelName"]);
  if (model !== undefined) span.setModel(model, textOf(metadata["ls_provider"]));
  const tools = invocation === undefined ? undefined : readTools(invocation);
  const request = kind === "llm" ? input : { messages: pickPayload(input ?? []) };
  span.setInput(
    tools === undefined || typeof request !== "object" ? request : { ...request, tools },
  );
}

/** Adds the settings of a call: those that every provider has by one name, the others as they are. */
export function readSettings(attributes: Record<string, unknown>, invocation: Fields = {}): void {
  const parameters: Record<string, unknown> = {};
  takeSettings(attributes, parameters, invocation);
  if (Object.keys(parameters).length > 0) attributes["parameters"] = parameters;
}

function takeSettings(
  attributes: Record<string, unknown>,
  parameters: Record<string, unknown>,
  given: Fields,
): void {
  for (const key of Object.keys(given)) {
    const value = given[key];
    if (value === undefined || value === null || NOT_SETTINGS.has(key)) continue;
    const known = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
    if (known !== undefined) attributes[known] = value;
    else if (GROUPS.has(key) && typeof value === "object") {
      takeSettings(attributes, parameters, value as Fields);
    } else parameters[key] = value;
  }
}

/** A model that ends. */
export interface ModelEnd {
  readonly runId: string;
  /** `{ generations, llmOutput }` */
  readonly result: unknown;
  /** The answer came from LangChain's cache: no tokens were paid for. */
  readonly cached: boolean;
}

/** Model, usage and timing go to the span; what the model said is returned. */
export function takeModelResult(run: OpenRun, { result, cached }: ModelEnd): unknown {
  const { span, stream } = run;
  const { generations, llmOutput } = fieldsOf(result) as {
    readonly generations?: unknown;
    readonly llmOutput?: Fields;
  };
  const answers = answersOf(generations);
  const { model, provider, attributes } = readAnswerFacts(answers[0] ?? {});
  if (model !== undefined) span.setModel(model, providerOf(run, provider));
  span.setAttributes(attributes);
  const output = outputOf(answers);
  if (cached) {
    // A cached answer reports one token that is none, and usage of zero.
    span.setAttributes({ cached: true });
    return output;
  }
  const messages = answers.map(({ message }) => message);
  const { usage, cost } = readAnswerUsage({ messages, llmOutput });
  if (usage !== undefined) span.setUsage(withoutSums(run, usage));
  if (cost !== undefined) span.setCost(cost);
  if (stream !== undefined) span.markFirstToken(stream.firstTokenAt);
  return output;
}

/** LangChain adds up what each chunk tells of the output, also where each tells of all of it. */
function withoutSums(run: OpenRun, usage: TokenUsage): TokenUsage {
  const { outputTokens } = run.stream?.usage ?? {};
  if (outputTokens === undefined || !countsUp(run)) return usage;
  const { totalTokens: _, ...counts } = usage;
  return { ...counts, outputTokens };
}

interface Generation {
  readonly text?: unknown;
  readonly message?: MessageLike;
  readonly generationInfo?: Fields;
}

/** Who runs the model: its class and its answer may say `openai` only because they speak like OpenAI's. */
function providerOf({ provider: said }: OpenRun, answered: string | undefined): string | undefined {
  return said === undefined || said === "openai" ? (answered ?? said) : said;
}

/** One list for each prompt of the call; callbacks are told of one prompt each. */
function answersOf(generations: unknown): readonly Generation[] {
  if (!Array.isArray(generations)) return [];
  const [first] = generations as readonly unknown[];
  return generations.length === 1 && Array.isArray(first) ? first : generations.flat();
}

/** Messages of a chat model, text of the others. */
function outputOf(answers: readonly Generation[]): unknown {
  const messages: unknown[] = [];
  for (const { message } of answers) {
    if (message !== undefined && isMessage(message)) messages.push(pickMessage(message));
  }
  if (messages.length > 0) return { messages };
  const texts = answers.map((answer) => answer.text);
  return texts.length === 1 ? texts[0] : texts;
}

/** The token in an event of `agent.streamEvents` v3, which replaces the plain token callback there. */
export function eventToken(event: unknown): string | undefined {
  const { event: kind, delta } = (event ?? {}) as { event?: unknown; delta?: { text?: unknown } };
  if (kind !== "content-block-delta") return undefined;
  return typeof delta?.text === "string" ? delta.text : "";
}
