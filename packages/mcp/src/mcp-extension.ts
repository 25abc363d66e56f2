import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Rivulet } from "@rivulet/core";
import { createMcpServer } from "./create-mcp-server.ts";
import { type McpOptions, withDefaults } from "./mcp-options.ts";
import { createSessions, type Sessions } from "./sessions.ts";

/** A request that the mount has let in. */
export interface McpCall {
  /** The HTTP request, with its body. */
  readonly request: Request;
  /** Who calls; a session belongs to the caller that opened it. */
  readonly caller: {
    /** Id that the mount's `auth` returned. */
    readonly id: string;
  };
}

/** The one endpoint of MCP's Streamable HTTP. */
export interface McpRoute {
  readonly method: "ANY";
  readonly path: "/mcp";
  /** With writes allowed the whole endpoint asks for write access. */
  readonly access: "read" | "write";
  /** Most bytes of a request: 4 MiB. */
  readonly maxBytes: number;
  handle(call: McpCall): Promise<Response>;
}

/** MCP over Streamable HTTP: an extension for `createHandler` of `@rivulet/server`. */
export interface McpExtension {
  /** Names the extension in messages of the handler. */
  readonly name: "mcp";
  /** The endpoint `/mcp`. */
  readonly routes: readonly [McpRoute];
  /** Refusals by the mount, as JSON-RPC errors. */
  errorBody(error: { readonly message: string }): unknown;
  /** Ends all sessions. */
  close(): Promise<void>;
}

/** Options of {@link mcpExtension}. */
export interface McpExtensionOptions extends McpOptions {
  /** Sessions at once; more get 503. @default 1000 */
  readonly maxSessions?: number;
  /** Milliseconds after which a session without requests ends. @default 1800000 */
  readonly sessionIdleMs?: number;
}

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** MCP at `/mcp` below the mount; `@rivulet/express` and `rivulet serve` take it by themselves. */
export function mcpExtension(rivulet: Rivulet, options: McpExtensionOptions = {}): McpExtension {
  const { maxSessions = 1000, sessionIdleMs = 1_800_000, ...given } = options;
  const serverOptions = withDefaults(given);
  const sessions = createSessions({ maxSessions, idleMs: sessionIdleMs, now: () => rivulet.now() });
  const open = async (owner: string): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => sessions.add(id, { transport, owner }),
      maxRequestBodySize: MAX_BODY_BYTES,
    });
    const mcp = createMcpServer(rivulet, serverOptions);
    await mcp.connect(transport);
    const { onclose } = transport;
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.remove(transport.sessionId);
      onclose?.();
    };
    return transport;
  };
  const route: McpRoute = {
    method: "ANY",
    path: "/mcp",
    access: serverOptions.allowWrites ? "write" : "read",
    maxBytes: MAX_BODY_BYTES,
    handle: ({ request, caller }) => answer({ request, owner: caller.id, sessions, open }),
  };
  return {
    name: "mcp",
    routes: [route],
    errorBody: ({ message }) => rpcErrorBody({ code: -32000, message }),
    close: () => sessions.close(),
  };
}

interface Call {
  readonly request: Request;
  readonly owner: string;
  readonly sessions: Sessions;
  readonly open: (owner: string) => Promise<WebStandardStreamableHTTPServerTransport>;
}

async function answer({ request, owner, sessions, open }: Call): Promise<Response> {
  const id = request.headers.get("mcp-session-id");
  const known = id === null ? undefined : sessions.find(id, owner);
  if (known !== undefined) return known.handleRequest(request);
  const refuse = (message: string): Response =>
    id === null
      ? rpcError(400, { code: -32000, message })
      : rpcError(404, { code: -32001, message: "Session not found" });
  if (request.method !== "POST") return refuse("Mcp-Session-Id required");
  const body = await readBody(request);
  if (body instanceof Response) return body;
  // Clients whose session a restart has ended may begin anew with its id.
  if (!isInitializeRequest(body)) return refuse("Bad Request: initialize first");
  if (sessions.full()) return rpcError(503, { code: -32000, message: "Too many sessions" });
  const transport = await open(owner);
  return transport.handleRequest(request, { parsedBody: body });
}

async function readBody(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch {
    return rpcError(400, { code: -32700, message: "Parse error: not JSON" });
  }
}

interface RpcError {
  readonly code: number;
  readonly message: string;
}

function rpcError(status: number, error: RpcError): Response {
  return Response.json(rpcErrorBody(error), { status });
}

function rpcErrorBody(error: RpcError): object {
  return { jsonrpc: "2.0", error, id: null };
}
