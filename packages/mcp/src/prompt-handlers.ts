import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  type Prompt as McpPrompt,
  type PromptMessage,
} from "@modelcontextprotocol/sdk/types.js";
import type { ChatMessage, Prompt, PromptEntry, Rivulet } from "@rivulet/core";
import { answerText } from "./answer-text.ts";
import { toMcpError } from "./failure.ts";
import type { McpSettings } from "./mcp-options.ts";
import { completeValues, findServed, servedVersion, variableFacts } from "./served-prompt.ts";

/** Prompts per page: many hosts read the first page only. */
const PAGE_SIZE = 250;

/** Answers `prompts/list` and `prompts/get` from the registry. */
export function handlePrompts(mcp: McpServer, rivulet: Rivulet, settings: McpSettings): void {
  mcp.server.setRequestHandler(ListPromptsRequestSchema, async ({ params }) => {
    try {
      const page = await rivulet.prompts.search({
        limit: PAGE_SIZE,
        ...(params?.cursor === undefined ? {} : { pageToken: params.cursor }),
      });
      const prompts = await Promise.all(
        page.items.map(async (entry) =>
          describe(entry, await servedVersion(rivulet, entry, settings)),
        ),
      );
      return bounded(
        page.nextPageToken === undefined
          ? { prompts }
          : { prompts, nextCursor: page.nextPageToken },
      );
    } catch (thrown) {
      throw toMcpError(thrown);
    }
  });

  mcp.server.setRequestHandler(GetPromptRequestSchema, async ({ params }) => {
    try {
      const prompt = await findServed(rivulet, params.name, settings);
      return bounded(render(prompt, params.arguments ?? {}));
    } catch (thrown) {
      throw toMcpError(thrown);
    }
  });
}

/** @throws RivuletError `limit_exceeded` when it is larger than any host takes */
function bounded<T>(answer: T): T {
  answerText(answer);
  return answer;
}

function describe(entry: PromptEntry, served: Prompt): McpPrompt {
  return {
    name: entry.name,
    ...(entry.description === "" ? {} : { description: entry.description }),
    arguments: served.variables.map((name) => {
      const { description, required } = variableFacts(served, name);
      return { name, required, ...(description === undefined ? {} : { description }) };
    }),
    _meta: metaOf(served),
  };
}

function render(prompt: Prompt, given: Readonly<Record<string, string>>): GetPromptResult {
  const messages = prompt.formatMessages(completeValues(prompt, given));
  return { messages: messages.map(toMcpMessage), _meta: metaOf(prompt) };
}

/** MCP knows users and assistants only: what a system says is fenced, so that it stays recognisable. */
function toMcpMessage({ role, content: given, ...rest }: ChatMessage): PromptMessage {
  const isText = typeof given === "string" && Object.keys(rest).length === 0;
  // Parts, tool calls and names have no place in MCP's messages: they stay readable.
  const content = isText ? given : JSON.stringify({ content: given, ...rest });
  if (role === "assistant") return { role, content: { type: "text", text: content } };
  const text = role === "user" ? content : `<${role}>\n${content}\n</${role}>`;
  return { role: "user", content: { type: "text", text } };
}

function metaOf({ version, aliases, config }: Prompt): Record<string, unknown> {
  return { "rivulet/prompt": { version, aliases, config } };
}
