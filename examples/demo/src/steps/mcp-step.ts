import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import * as z from "zod";
import { MOUNT } from "../app.ts";
import { PROMPT_NAME } from "../prompts.ts";
import type { Stage } from "../stage.ts";
import { TRAINING_EXPERIMENT } from "../training/train-candidates.ts";

const tableSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())),
});

/** Does what an assistant in an editor would do: finds the prompts, fills one in, and looks the runs up. */
export async function mcpStep(stage: Stage, bestRunId: string): Promise<void> {
  const client = new Client({ name: "rivulet-demo", version: "1.0.0" });
  const url = new URL(`${stage.api.url}${MOUNT}/mcp`);
  const { headers } = stage.api;
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  // The SDK's own types do not agree under exactOptionalPropertyTypes.
  await client.connect(transport as Transport);
  try {
    await usePrompts(stage, client);
    await useRuns(stage, client, bestRunId);
  } finally {
    await client.close();
  }
}

async function usePrompts({ checks, tell }: Stage, client: Client): Promise<void> {
  const { prompts } = await client.listPrompts();
  const names = prompts.map(({ name }) => name);
  checks.expect("MCP lists the prompt", names.includes(PROMPT_NAME), names);
  const question = "What is the average petal length of Iris setosa?";
  const { messages } = await client.getPrompt({ name: PROMPT_NAME, arguments: { question } });
  const texts = messages.flatMap(({ content }) => (content.type === "text" ? [content.text] : []));
  checks.expect("MCP fills the prompt in", texts.includes(question), texts);
  tell(`prompts: ${names.join(", ")}; filled in, it has ${messages.length} messages`);
}

async function useRuns(
  { rivulet, checks, tell }: Stage,
  client: Client,
  bestRunId: string,
): Promise<void> {
  const experiment = await rivulet.experiments.find(TRAINING_EXPERIMENT);
  const { structuredContent, isError } = await client.callTool({
    name: "search_runs",
    arguments: {
      experimentIds: [experiment?.id],
      filter: "metrics.`validation/accuracy` > 0.5",
      orderBy: ["metrics.`validation/accuracy` DESC"],
      fields: ["id", "name", "metrics"],
    },
  });
  const { columns, rows } = tableSchema.parse(structuredContent);
  const idAt = columns.indexOf("id");
  const nameAt = columns.indexOf("name");
  const hasBest = isError !== true && rows.some((row) => row[idAt] === bestRunId);
  checks.expect("MCP finds the best run", hasBest, rows);
  tell(`search_runs: ${rows.map((row) => String(row[nameAt])).join(", ")}`);
}
