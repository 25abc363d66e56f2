import type { ActiveSpan } from "@rivulet/core";
import { pickPayload } from "../payloads/pick-payload.ts";
import type { RunStart } from "../runs/run.ts";

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
  stop: "stopSequences",
};
const NOT_SETTINGS = new Set(["model", "model_name", "modelName", "tools", "functions", "_type"]);

/** Gives a model's span what it is called with: messages or text, tools, the model's name. */
export function takeModelRequest(span: ActiveSpan, start: RunStart): void {
  const { invocation = {}, metadata = {}, kind, input } = start;
  const model =
    text(metadata["ls_model_name"]) ??
    text(invocation["model"]) ??
    text(invocation["model_name"]) ??
    text(invocation["modelName"]);
  if (model !== undefined) span.setModel(model, text(metadata["ls_provider"]));
  const tools = readTools(invocation["tools"] ?? invocation["functions"]);
  const request = kind === "llm" ? input : { messages: pickPayload(input ?? []) };
  span.setInput(
    tools === undefined || typeof request !== "object" ? request : { ...request, tools },
  );
}

/** Adds the settings of a call: those that every provider has by one name, the others as they are. */
export function readSettings(attributes: Record<string, unknown>, invocation: Fields = {}): void {
  let parameters: Record<string, unknown> | undefined;
  for (const key of Object.keys(invocation)) {
    const value = invocation[key];
    if (value === undefined || value === null || NOT_SETTINGS.has(key)) continue;
    const known = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
    if (known !== undefined) attributes[known] = value;
    else {
      parameters ??= {};
      parameters[key] = value;
    }
  }
  if (parameters !== undefined) attributes["parameters"] = parameters;
}

function readTools(tools: unknown): readonly Fields[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools.map(readTool);
}

/** OpenAI puts the tool under `function`; Anthropic calls its parameters `input_schema`. */
function readTool(tool: unknown): Fields {
  const given = (tool ?? {}) as Fields;
  const { name, description, ...rest } = (given["function"] ?? given) as Fields;
  const parameters = rest["parameters"] ?? rest["input_schema"] ?? rest["schema"];
  return {
    name: name ?? given["type"],
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
