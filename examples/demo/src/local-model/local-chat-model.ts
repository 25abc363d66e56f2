import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type StandardMessageStructure,
} from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { LOCAL_MODEL } from "./local-model-name.ts";
import { countTokens, type LocalMessage, type LocalReply, type LocalTool } from "./messages.ts";
import { reply } from "./reply.ts";

interface LocalCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[];
}

/** The local model as a LangChain chat model. */
export class LocalChatModel extends BaseChatModel<LocalCallOptions> {
  #calls = 0;

  constructor() {
    super({});
  }

  override _llmType(): string {
    return LOCAL_MODEL;
  }

  override getLsParams(
    options: this["ParsedCallOptions"],
  ): ReturnType<BaseChatModel["getLsParams"]> {
    return { ...super.getLsParams(options), ls_provider: "local", ls_model_name: LOCAL_MODEL };
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<LocalCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, LocalCallOptions> {
    return this.withConfig({ ...options, tools });
  }

  override async _generate(
    messages: BaseMessage[],
    { tools = [] }: this["ParsedCallOptions"],
    _runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const said = reply(messages.map(toLocalMessage), tools.map(toLocalTool));
    this.#calls += 1;
    const text = said.kind === "text" ? said.text : "";
    const input = messages.reduce((sum, message) => sum + countTokens(message.text), 0);
    const output = countTokens(said.kind === "text" ? text : JSON.stringify(said.input));
    const message = new AIMessage<StandardMessageStructure>({
      content: text,
      tool_calls: said.kind === "tool" ? [toToolCall(said, this.#calls)] : [],
      usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
      response_metadata: { model_name: LOCAL_MODEL },
    });
    return { generations: [{ text, message }] };
  }
}

function toToolCall(
  { name, input }: Extract<LocalReply, { readonly kind: "tool" }>,
  call: number,
): ToolCall {
  return { type: "tool_call", id: `call_${call}`, name, args: { ...input } };
}

const ROLES: Readonly<Record<string, LocalMessage["role"]>> = {
  system: "system",
  human: "user",
  ai: "assistant",
  tool: "tool",
};

function toLocalMessage(message: BaseMessage): LocalMessage {
  return { role: ROLES[message.getType()] ?? "user", text: message.text };
}

function toLocalTool(tool: BindToolsInput): LocalTool {
  const { name, parameters } = convertToOpenAITool(tool).function;
  return { name, parameters: parameters ?? {} };
}
