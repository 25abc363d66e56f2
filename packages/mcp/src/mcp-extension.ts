import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Rivulet } from "@rivulet/core";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpOptions } from "./mcp-options.ts";
import { createSessions, type Sessions } from "./sessions.ts";

/** Who calls, as the mount has found out. */
export interface McpCaller {
  /** A session belongs to the caller that opened it. */
  readonly id?: string;
}

/** MCP over Streamable HTTP, to be mounted behind the server's gates. */
export interface McpExtension {
  readonly path: "/mcp";
  /** With writes allowed the whole endpoint asks for write access. */
  readonly access: "read" | "write";
  handler(request: Request, caller: McpCaller): Promise<Response>;
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

/** The endpoint for {@link McpExtension.path}; mounted by `@rivulet/express` and `rivulet serve`. */
export function mcpExtension(rivulet: Rivulet, options: McpExtensionOptions = {}): McpExtension {
  const { maxSessions = 1000, sessionIdleMs = 1_800_000, ...serverOptions } = options;
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
  return {
    path: "/mcp",
    access: serverOptions.allowWrites === true ? "write" : "read",
    handler: (request, caller) => route({ request, owner: caller.id ?? "", sessions, open }),
    close: () => sessions.close(),
  };
}

interface Call {
  readonly request: Request;
  readonly owner: string;
  readonly sessions: Sessions;
  readonly open: (owner: string) => Promise<WebStandardStreamableHTTPServerTransport>;
}

async function route({ request, owner, sessions, open }: Call): Promise<Response> {
  const id = request.headers.get("mcp-session-id");
  if (id !== null) {
    const transport = sessions.find(id, owner);
    return transport === undefined
      ? rpcError(404, { code: -32001, message: "Session not found" })
      : transport.handleRequest(request);
  }
  if (request.method !== "POST")
    return rpcError(400, { code: -32000, message: "Mcp-Session-Id required" });
  const body = await readBody(request);
  if (body instanceof Response) return body;
  if (!isInitializeRequest(body)) {
    return rpcError(400, { code: -32000, message: "Bad Request: initialize first" });
  }
  if (sessions.full()) return rpcError(503, { code: -32000, message: "Too many sessions" });
  const transport = await open(owner);
  return transport.handleRequest(request, { parsedBody: body });
}

async function readBody(request: Request): Promise<unknown> {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > MAX_BODY_BYTES) {
    return rpcError(413, { code: -32000, message: "Request body too large" });
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return rpcError(400, { code: -32700, message: "Parse error: not JSON" });
  }
}

function rpcError(status: number, error: { code: number; message: string }): Response {
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status });
}
