import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatDeepSeek } from "@langchain/deepseek";
import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { ChatOpenRouter } from "@langchain/openrouter";
import type { Rivulet } from "@rivulet/core";
import { traceAnthropic } from "@rivulet/providers/anthropic";
import { traceGoogleGenAI } from "@rivulet/providers/google-genai";
import { traceOpenAI } from "@rivulet/providers/openai";
import type { LanguageModel } from "ai";
import OpenAI from "openai";

type Model = Exclude<LanguageModel, string>;
/** A call of a model of a provider that is at this address. */
export interface Asked {
  readonly rivulet: Rivulet;
  readonly url: string;
  readonly model: string;
}

/** How the same answer comes in by the provider's client, LangChain and the AI SDK. */
export interface Wire {
  answer(model: string, usage: object, more?: object): object;
  client(asked: Asked): Promise<unknown>;
  chain(asked: Asked): BaseChatModel;
  sdk(asked: Asked): Model;
}

const key = { apiKey: "k", maxRetries: 0 };
const messages = [{ role: "user" as const, content: "p" }];

export const CHAT: Wire = {
  answer: (model, usage, more = {}) => ({
    id: "c",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message: { role: "assistant", content: "a" }, finish_reason: "stop" }],
    usage,
    ...more,
  }),
  client: async ({ rivulet, url, model }) =>
    traceOpenAI(new OpenAI({ ...key, baseURL: url }), rivulet).chat.completions.create({
      model,
      messages,
    }),
  chain: ({ url, model }) => new ChatOpenAI({ ...key, model, configuration: { baseURL: url } }),
  sdk: ({ url, model }) => createOpenAI({ apiKey: "k", baseURL: url }).chat(model),
};
/** Servers that write like OpenAI's. */
const compatible = (name: string): Partial<Wire> => ({
  sdk: ({ url, model }) => createOpenAICompatible({ name, baseURL: url, apiKey: "k" })(model),
});
export const DEEPSEEK: Wire = {
  ...CHAT,
  ...compatible("deepseek"),
  chain: ({ url, model }) => new ChatDeepSeek({ ...key, model, configuration: { baseURL: url } }),
};
export const OPENROUTER: Wire = {
  ...CHAT,
  ...compatible("openrouter"),
  chain: ({ url, model }) => new ChatOpenRouter({ ...key, model, baseURL: url }),
};
export const PERPLEXITY: Wire = { ...CHAT, ...compatible("perplexity") };
export const XAI: Wire = { ...CHAT, ...compatible("xai") };
export const RESPONSES: Wire = {
  answer: (
    model,
    usage,
    { output = [], ...more }: { readonly output?: readonly object[] } = {},
  ) => ({
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    model,
    tools: [],
    output: [
      ...output,
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "a", annotations: [] }],
      },
    ],
    usage,
    ...more,
  }),
  client: async ({ rivulet, url, model }) =>
    traceOpenAI(new OpenAI({ ...key, baseURL: url }), rivulet).responses.create({
      model,
      input: "p",
    }),
  chain: ({ url, model }) =>
    new ChatOpenAI({ ...key, model, useResponsesApi: true, configuration: { baseURL: url } }),
  sdk: ({ url, model }) => createOpenAI({ apiKey: "k", baseURL: url }).responses(model),
};
export const ANTHROPIC: Wire = {
  answer: (model, usage) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model,
    content: [{ type: "text", text: "a" }],
    stop_reason: "end_turn",
    usage,
  }),
  client: async ({ rivulet, url, model }) =>
    traceAnthropic(new Anthropic({ ...key, baseURL: url }), rivulet).messages.create({
      model,
      max_tokens: 9,
      messages,
    }),
  chain: ({ url, model }) => new ChatAnthropic({ ...key, model, anthropicApiUrl: url }),
  sdk: ({ url, model }) => createAnthropic({ apiKey: "k", baseURL: url })(model),
};
export const GOOGLE: Wire = {
  answer: (model, usage) => ({
    candidates: [{ content: { role: "model", parts: [{ text: "a" }] }, finishReason: "STOP" }],
    modelVersion: model,
    usageMetadata: usage,
  }),
  client: async ({ rivulet, url, model }) =>
    traceGoogleGenAI(
      new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } }),
      rivulet,
    ).models.generateContent({ model, contents: "p" }),
  chain: ({ url, model }) => new ChatGoogle({ ...key, model, endpoint: url }),
  sdk: ({ url, model }) => createGoogle({ apiKey: "k", baseURL: url })(model),
};
