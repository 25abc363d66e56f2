import type { LanguageModelV4 } from "@ai-sdk/provider";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import type { ChatMessage, Rivulet } from "@rivulet/core";
import { generateText, type ModelMessage, stepCountIs, type ToolSet, tool } from "ai";
import { PROMPT_NAME } from "../prompts.ts";
import type { DemoTool } from "../tools.ts";
import { type Agent, MAX_TURNS } from "./agent.ts";

/** The AI SDK's tool loop, with Rivulet as its telemetry. */
export function createAiSdkAgent(
  rivulet: Rivulet,
  model: LanguageModelV4,
  tools: readonly DemoTool[],
): Agent {
  const telemetry = { functionId: PROMPT_NAME, integrations: [rivuletTelemetry(rivulet)] };
  const toolSet: ToolSet = Object.fromEntries(
    tools.map(({ name, description, schema, execute }) => [
      name,
      tool({ description, inputSchema: schema, execute }),
    ]),
  );
  return async (question, prompt) => {
    const rendered = prompt.formatMessages({ question });
    const { text } = await generateText({
      model,
      instructions: contentOf(rendered, "system").join("\n"),
      messages: contentOf(rendered, "user").map(toUserMessage),
      tools: toolSet,
      stopWhen: stepCountIs(MAX_TURNS),
      telemetry,
    });
    return text;
  };
}

function contentOf(messages: readonly ChatMessage[], wanted: ChatMessage["role"]): string[] {
  return messages.flatMap(({ role, content }) =>
    role === wanted && typeof content === "string" ? [content] : [],
  );
}

function toUserMessage(content: string): ModelMessage {
  return { role: "user", content };
}
