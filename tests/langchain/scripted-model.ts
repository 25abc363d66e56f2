import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type {
  BaseChatModel,
  BaseChatModelParams,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import type { AIMessageChunkFields, AIMessageFields, BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import type { Lab } from "./lab.ts";

/** A call of a tool that the model wants. */
export interface WantedCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly id: string;
}

/** What the model says: text, calls of tools, or an error. */
type Answer = string | readonly WantedCall[] | Error;

/** A turn of the model: an answer, or what makes one. */
export type Turn =
  | Answer
  | ((messages: BaseMessage[], signal: AbortSignal | undefined) => Answer | Promise<Answer>);

export interface ScriptedModelOptions extends BaseChatModelParams {
  /** One turn per call; the last one repeats. @default ['one two three'] */
  readonly script?: readonly Turn[];
  /** Called before each token of a stream. */
  readonly onToken?: (index: number) => void | Promise<void>;
}

type BoundModel = ReturnType<NonNullable<BaseChatModel["bindTools"]>>;

const USAGE = { input_tokens: 10, output_tokens: 6, total_tokens: 16 } as const;

/** A chat model that says what the test wrote, reports usage and model name, and streams word by word. */
export function scriptedModel(lab: Lab, options: ScriptedModelOptions = {}): BaseChatModel {
  const { script = ["one two three"], onToken, ...params } = options;
  const { AIMessage, AIMessageChunk } = lab.messages;
  let turns = 0;

  class Scripted extends lab.chatModels.BaseChatModel {
    _llmType(): string {
      return "scripted";
    }

    override getLsParams() {
      return {
        ls_provider: "scripted",
        ls_model_name: "scripted-1",
        ls_model_type: "chat" as const,
        ls_temperature: 0.3,
      };
    }

    override invocationParams(callOptions?: object) {
      return {
        model: "scripted-1",
        temperature: 0.3,
        max_tokens: 50,
        logit_bias: 1,
        tools: (callOptions as { tools?: unknown } | undefined)?.tools,
      };
    }

    override bindTools(tools: BindToolsInput[]) {
      const bound = (tools as { name: string; description?: string }[]).map(
        ({ name, description }) => ({ type: "function", function: { name, description } }),
      );
      return this.withConfig({ tools: bound } as object) as unknown as BoundModel;
    }

    async nextAnswer(messages: BaseMessage[], signal: AbortSignal | undefined): Promise<Answer> {
      const turn = script[Math.min(turns++, script.length - 1)] ?? "";
      const answer = typeof turn === "function" ? await turn(messages, signal) : turn;
      if (answer instanceof Error) throw answer;
      return answer;
    }

    async _generate(
      messages: BaseMessage[],
      { signal }: { signal?: AbortSignal },
    ): Promise<ChatResult> {
      const answer = await this.nextAnswer(messages, signal);
      const message = new AIMessage({
        ...fields(answer),
        usage_metadata: { ...USAGE },
        response_metadata: { model_name: "scripted-1-2026", finish_reason: "stop" },
      } as object as AIMessageFields);
      return { generations: [{ text: String(message.content), message }] };
    }

    override async *_streamResponseChunks(
      messages: BaseMessage[],
      { signal }: { signal?: AbortSignal },
      run?: CallbackManagerForLLMRun,
    ): AsyncGenerator<ChatGenerationChunk> {
      const answer = await this.nextAnswer(messages, signal);
      const words = typeof answer === "string" ? answer.split(/(?<= )/) : [""];
      for (const [index, word] of words.entries()) {
        await onToken?.(index);
        signal?.throwIfAborted();
        const last = index === words.length - 1;
        const message = new AIMessageChunk({
          content: word,
          ...(last ? { usage_metadata: { ...USAGE }, tool_call_chunks: chunks(answer) } : {}),
          ...(last ? { response_metadata: { model_name: "scripted-1-2026" } } : {}),
        } as object as AIMessageChunkFields);
        const chunk = new lab.outputs.ChatGenerationChunk({ text: word, message });
        yield chunk;
        await run?.handleLLMNewToken(word, undefined, undefined, undefined, undefined, { chunk });
      }
    }
  }

  return new Scripted(params) as unknown as BaseChatModel;
}

function fields(answer: Answer): {
  content: string;
  tool_calls: (WantedCall & { type: "tool_call" })[];
} {
  const calls = Array.isArray(answer) ? (answer as readonly WantedCall[]) : [];
  return {
    content: typeof answer === "string" ? answer : "",
    tool_calls: calls.map((call) => ({ ...call, type: "tool_call" })),
  };
}

function chunks(answer: Answer) {
  return fields(answer).tool_calls.map(({ name, args, id }, index) => ({
    name,
    args: JSON.stringify(args),
    id,
    index,
    type: "tool_call_chunk" as const,
  }));
}
