import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { CompleteRequestSchema, type CompleteResult } from "@modelcontextprotocol/sdk/types.js";
import type { Rivulet } from "@rivulet/core";
import { toMcpError } from "./failure.ts";
import type { McpSettings } from "./mcp-options.ts";
import { findServed, variableFacts } from "./served-prompt.ts";

/** The protocol's bound on proposals. */
const MAX_VALUES = 100;

/** Answers `completion/complete` for prompt arguments and for the variables of resource addresses. */
export function handleCompletion(mcp: McpServer, rivulet: Rivulet, settings: McpSettings): void {
  mcp.server.setRequestHandler(CompleteRequestSchema, async ({ params: { ref, argument } }) => {
    try {
      const known =
        ref.type === "ref/prompt"
          ? variableFacts(await findServed(rivulet, ref.name, settings), argument.name).choices
          : await knownNames(rivulet, argument.name);
      return proposals(known, argument.value);
    } catch (thrown) {
      throw toMcpError(thrown);
    }
  });
}

async function knownNames(rivulet: Rivulet, variable: string): Promise<readonly string[]> {
  const page = { limit: MAX_VALUES };
  if (variable === "prompt")
    return (await rivulet.prompts.search(page)).items.map(({ name }) => name);
  if (variable === "model")
    return (await rivulet.models.search(page)).items.map(({ name }) => name);
  if (variable === "run") return (await rivulet.runs.search(page)).items.map(({ id }) => id);
  if (variable === "trace") return (await rivulet.traces.search(page)).items.map(({ id }) => id);
  return [];
}

function proposals(known: readonly string[], typed: string): CompleteResult {
  const wanted = typed.toLowerCase();
  const matching = known.filter((value) => value.toLowerCase().startsWith(wanted));
  return {
    completion: {
      values: matching.slice(0, MAX_VALUES),
      total: matching.length,
      hasMore: matching.length > MAX_VALUES,
    },
  };
}
