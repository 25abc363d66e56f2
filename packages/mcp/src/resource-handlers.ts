import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type ReadResourceResult,
} from "@modelcontextprotocol/sdk/types.js";
import { type JsonValue, jsonText, type Rivulet, RivuletError } from "@rivulet/core";
import { answerText } from "./answer-text.ts";
import { toMcpError } from "./failure.ts";
import { shorten } from "./shorten.ts";
import { describeStore } from "./tools/overview.ts";
import { uris } from "./uris.ts";

/** One kind of resource: its address, and how it is read. */
interface ResourceKind {
  readonly kind: string;
  readonly uriTemplate: string;
  readonly title: string;
  read(rivulet: Rivulet, id: string): Promise<unknown>;
}

const kinds: readonly ResourceKind[] = [
  {
    kind: "prompts",
    uriTemplate: "rivulet://prompts/{prompt}",
    title: "A prompt with its newest versions",
    async read(rivulet, name) {
      const prompt = await rivulet.prompts.getEntry(name);
      const versions = await rivulet.prompts.listVersions({ name, limit: 20 });
      return { prompt, versions: versions.items };
    },
  },
  {
    kind: "models",
    uriTemplate: "rivulet://models/{model}",
    title: "A registered model",
    read: (rivulet, name) => rivulet.models.get(name),
  },
  {
    kind: "runs",
    uriTemplate: "rivulet://runs/{run}",
    title: "A run with its artifacts",
    async read(rivulet, runId) {
      const run = await rivulet.runs.get(runId);
      return { run, artifacts: await rivulet.artifacts.list({ runId }) };
    },
  },
  {
    kind: "traces",
    uriTemplate: "rivulet://traces/{trace}",
    title: "A trace with its spans",
    async read(rivulet, traceId) {
      const trace = await rivulet.traces.get(traceId);
      return { trace, spans: await rivulet.traces.loadSpans(traceId) };
    },
  },
];

/** A resource larger than this has its long texts cut. */
const MAX_CHARS = 40_000;

/** Answers `resources/list`, `resources/templates/list` and `resources/read`. */
export function handleResources(mcp: McpServer, rivulet: Rivulet): void {
  mcp.server.setRequestHandler(ListResourcesRequestSchema, async () => {
    const { items } = await rivulet.prompts.search({ limit: 50 });
    const overview = {
      uri: uris.overview,
      name: "overview",
      title: "Overview of the store",
      mimeType,
    };
    const prompts = items.map(({ name }) => ({ uri: uris.prompt(name), name, mimeType }));
    return { resources: [overview, ...prompts] };
  });
  mcp.server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: kinds.map(({ kind, uriTemplate, title }) => ({
      name: kind,
      uriTemplate,
      title,
      mimeType,
    })),
  }));
  mcp.server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    try {
      return asResource(uri, await readUri(rivulet, uri));
    } catch (thrown) {
      throw isMissing(thrown) ? noSuchResource(uri) : toMcpError(thrown);
    }
  });
}

const mimeType = "application/json";

async function readUri(rivulet: Rivulet, uri: string): Promise<unknown> {
  if (uri === uris.overview) return describeStore(rivulet);
  const [, kind, id] = /^rivulet:\/\/([a-z]+)\/([^/]+)$/.exec(uri) ?? [];
  const resource = kinds.find((candidate) => candidate.kind === kind);
  if (resource === undefined || id === undefined) throw noSuchResource(uri);
  return resource.read(rivulet, decodeName(id, uri));
}

function decodeName(encoded: string, uri: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw noSuchResource(uri);
  }
}

function asResource(uri: string, found: unknown): ReadResourceResult {
  const { value } = shorten(JSON.parse(jsonText(found)) as JsonValue, MAX_CHARS);
  return { contents: [{ uri, mimeType, text: answerText(value) }] };
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof RivuletError && thrown.code === "not_found";
}

function noSuchResource(uri: string): McpError {
  return new McpError(ErrorCode.InvalidParams, `Resource not found: ${uri}`, { uri });
}
