import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Rivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { toChatPromptTemplate } from "@rivulet/langchain/prompts";
import { createAgent, tool } from "langchain";
import { PROMPT_NAME } from "../prompts.ts";
import type { DemoTool } from "../tools.ts";
import { type Agent, MAX_TURNS } from "./agent.ts";

/** LangChain's agent, with Rivulet as a callback handler. */
export function createLangChainAgent(
  rivulet: Rivulet,
  model: BaseChatModel,
  tools: readonly DemoTool[],
): Agent {
  const agent = createAgent({
    name: PROMPT_NAME,
    model,
    tools: tools.map(({ name, description, schema, execute }) =>
      tool(async (input) => JSON.stringify(await execute(input)), { name, description, schema }),
    ),
  });
  const callbacks = [new RivuletCallbackHandler(rivulet)];
  return async (question, prompt) => {
    const messages = await toChatPromptTemplate(prompt).formatMessages({ question });
    const result = await agent.invoke({ messages }, { callbacks, recursionLimit: MAX_TURNS * 2 });
    return result.messages.at(-1)?.text ?? "";
  };
}
