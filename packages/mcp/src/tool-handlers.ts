import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import type { Rivulet } from "@rivulet/core";
import { allTools } from "./all-tools.ts";
import { answerText } from "./answer-text.ts";
import { failureText, metaOfFailure } from "./failure.ts";
import type { McpSettings } from "./mcp-options.ts";
import type { Arguments, McpTool } from "./tool.ts";

/** Answers `tools/list` and `tools/call`. A tool that is not allowed does not exist. */
export function handleTools(mcp: McpServer, rivulet: Rivulet, settings: McpSettings): void {
  const offered = allTools.filter(({ access }) => access === "read" || settings.allowWrites);
  const byName = new Map(offered.map((tool) => [tool.name, tool]));

  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: offered.map(describe) }));
  mcp.server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = byName.get(params.name);
    return tool === undefined
      ? refused(`not_found: There is no tool "${params.name}". ${writeHint(params.name)}`)
      : answer(tool, rivulet, params.arguments);
  });
}

async function answer(
  tool: McpTool,
  rivulet: Rivulet,
  given: Arguments = {},
): Promise<CallToolResult> {
  try {
    const text = answerText(await tool.call(rivulet, given));
    // Hosts differ in which of the two the model sees, so both say exactly the same.
    return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) };
  } catch (thrown) {
    return { ...refused(failureText(thrown)), _meta: metaOfFailure(thrown) };
  }
}

function refused(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text }] };
}

function writeHint(name: string): string {
  return allTools.some((tool) => tool.name === name)
    ? "This server is read-only; it writes only with `rivulet mcp --allow-writes`, or `mcp: { allowWrites: true }` in a mount."
    : "List the tools to see which there are.";
}

const descriptions = new WeakMap<McpTool, Tool>();

function describe(tool: McpTool): Tool {
  const known = descriptions.get(tool);
  if (known !== undefined) return known;
  const described: Tool = {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: tool.inputSchema() as Tool["inputSchema"],
    outputSchema: tool.outputSchema as NonNullable<Tool["outputSchema"]>,
    annotations: {
      readOnlyHint: tool.access === "read",
      destructiveHint: tool.destructive,
      idempotentHint: tool.idempotent,
      openWorldHint: false,
    },
  };
  descriptions.set(tool, described);
  return described;
}
