import { ChatAnthropic } from "@langchain/anthropic";
import { ChatBedrockConverse } from "@langchain/aws";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatDeepSeek } from "@langchain/deepseek";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatMistralAI } from "@langchain/mistralai";
import { ChatOllama } from "@langchain/ollama";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import { ChatOpenRouter } from "@langchain/openrouter";
import { vi } from "vitest";

/** A model of a provider that is at this address. */
export type MakeModel = (url: string) => BaseChatModel;

const apiKey = "key";
const maxRetries = 0;

export const openAI = (url: string, more: object = {}): BaseChatModel =>
  new ChatOpenAI({
    model: "gpt-5.2",
    apiKey,
    maxRetries,
    configuration: { baseURL: url },
    ...more,
  });
export const azure = (url: string): BaseChatModel =>
  new AzureChatOpenAI({
    azureOpenAIApiKey: apiKey,
    azureOpenAIApiVersion: "2024-10-21",
    azureOpenAIApiDeploymentName: "deployed",
    azureOpenAIBasePath: url,
    maxRetries,
  });
export const deepSeek = (url: string): BaseChatModel =>
  new ChatDeepSeek({
    model: "deepseek-reasoner",
    apiKey,
    maxRetries,
    configuration: { baseURL: url },
  });
export const openRouter = (url: string): BaseChatModel =>
  new ChatOpenRouter({ model: "openai/gpt-5.2", apiKey, maxRetries, baseURL: url });
export const anthropic = (url: string): BaseChatModel =>
  new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey,
    maxRetries,
    anthropicApiUrl: url,
    thinking: { type: "enabled", budget_tokens: 1_024 },
  });
export const genAI = (url: string): BaseChatModel =>
  new ChatGoogleGenerativeAI({ model: "gemini-3-pro", apiKey, maxRetries, baseUrl: url });
export const google = (url: string): BaseChatModel =>
  new ChatGoogle({ model: "gemini-3-pro", apiKey, maxRetries, endpoint: url });
export const mistral = (url: string): BaseChatModel =>
  new ChatMistralAI({ model: "magistral-medium", apiKey, maxRetries, serverURL: url });
export const ollama = (url: string): BaseChatModel =>
  new ChatOllama({ model: "qwen3", baseUrl: url, maxRetries });
export const bedrock = (url: string): BaseChatModel => {
  vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url);
  return new ChatBedrockConverse({
    model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    region: "eu-central-1",
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    maxRetries,
  });
};
