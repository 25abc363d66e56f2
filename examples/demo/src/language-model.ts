import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { LocalChatModel } from "./local-model/local-chat-model.ts";
import { createLocalLanguageModel } from "./local-model/local-language-model.ts";
import { LOCAL_MODEL } from "./local-model/local-model-name.ts";

/** One language model, as both libraries want it. */
export interface LanguageModels {
  /** For people: which model answers, and why this one. */
  readonly description: string;
  readonly isLocal: boolean;
  readonly langChain: BaseChatModel;
  readonly aiSdk: LanguageModelV4;
}

/** What chooses a provider: any server that speaks OpenAI's protocol. */
export interface ProviderSettings {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
}

/** `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`. */
export function readProviderSettings(env: NodeJS.ProcessEnv): ProviderSettings {
  return {
    apiKey: env["OPENAI_API_KEY"],
    baseUrl: env["OPENAI_BASE_URL"],
    model: env["OPENAI_MODEL"],
  };
}

/** The provider when one is set, else the local model. */
export async function openLanguageModels(settings: ProviderSettings): Promise<LanguageModels> {
  if (isEmpty(settings.apiKey) && isEmpty(settings.baseUrl)) return localModels();
  const { model = "gpt-5-mini", baseUrl = "https://api.openai.com/v1" } = settings;
  // A local server asks for no key, but the client wants one.
  const apiKey = isEmpty(settings.apiKey) ? "none" : (settings.apiKey ?? "none");
  const [{ ChatOpenAI }, { createOpenAICompatible }] = await Promise.all([
    import("@langchain/openai"),
    import("@ai-sdk/openai-compatible"),
  ]);
  const provider = createOpenAICompatible({ name: "openai-compatible", baseURL: baseUrl, apiKey });
  return {
    description: `${model} at ${new URL(baseUrl).host}`,
    isLocal: false,
    langChain: new ChatOpenAI({ model, apiKey, configuration: { baseURL: baseUrl } }),
    aiSdk: provider.chatModel(model),
  };
}

function localModels(): LanguageModels {
  return {
    description: `${LOCAL_MODEL}, a small model of rules in this process (set OPENAI_API_KEY or OPENAI_BASE_URL for a real one)`,
    isLocal: true,
    langChain: new LocalChatModel(),
    aiSdk: createLocalLanguageModel(),
  };
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === "";
}
