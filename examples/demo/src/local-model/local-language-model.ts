import {
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4Message,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { LOCAL_MODEL } from "./local-model-name.ts";
import { countTokens, type LocalMessage, type LocalReply, type LocalTool } from "./messages.ts";
import { reply } from "./reply.ts";

/** The local model as an AI SDK language model. */
export function createLocalLanguageModel(): LanguageModelV4 {
  let calls = 0;
  return {
    specificationVersion: "v4",
    provider: "local",
    modelId: LOCAL_MODEL,
    supportedUrls: {},
    doGenerate: async (options) => {
      calls += 1;
      return generate(options, `call_${calls}`);
    },
    doStream: () => {
      throw new UnsupportedFunctionalityError({ functionality: "streaming" });
    },
  };
}

function generate(
  { prompt, tools = [] }: LanguageModelV4CallOptions,
  toolCallId: string,
): LanguageModelV4GenerateResult {
  const messages = prompt.flatMap(toLocalMessages);
  const known = tools.flatMap((tool): readonly LocalTool[] =>
    tool.type === "function" ? [{ name: tool.name, parameters: tool.inputSchema as object }] : [],
  );
  const said = reply(messages, known);
  const content = toContent(said, toolCallId);
  const inputTokens = messages.reduce((sum, { text }) => sum + countTokens(text), 0);
  const outputTokens = countTokens(said.kind === "text" ? said.text : JSON.stringify(said.input));
  return {
    content: [content],
    finishReason: { unified: said.kind === "text" ? "stop" : "tool-calls", raw: said.kind },
    usage: {
      inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    },
    warnings: [],
  };
}

function toContent(said: LocalReply, toolCallId: string): LanguageModelV4Content {
  if (said.kind === "text") return { type: "text", text: said.text };
  return {
    type: "tool-call",
    toolCallId,
    toolName: said.name,
    input: JSON.stringify(said.input),
  };
}

function toLocalMessages(message: LanguageModelV4Message): readonly LocalMessage[] {
  if (message.role === "system") return [{ role: "system", text: message.content }];
  if (message.role === "tool") {
    return message.content.flatMap((part): readonly LocalMessage[] =>
      part.type === "tool-result" ? [{ role: "tool", text: resultText(part.output) }] : [],
    );
  }
  const texts = message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return [{ role: message.role, text: texts.join("\n") }];
}

function resultText(output: { readonly type: string; readonly value?: unknown }): string {
  const { value } = output;
  return typeof value === "string" ? value : JSON.stringify(value ?? output.type);
}
