import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Rivulet } from "@rivulet/core";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpOptions } from "./mcp-options.ts";

/**
 * Serves MCP over this process's stdin and stdout until the other side closes stdin or `signal` aborts.
 * Nothing else may be written to stdout meanwhile. The client is left open.
 */
export async function serveStdio(
  rivulet: Rivulet,
  { signal, ...options }: McpOptions & { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const mcp = createMcpServer(rivulet, options);
  const closed = new Promise<void>((resolve) => {
    const { onclose } = mcp.server;
    mcp.server.onclose = () => {
      onclose?.();
      resolve();
    };
  });
  const close = (): void => {
    mcp.close().catch((error: unknown) => rivulet.reportError(error));
  };
  await mcp.connect(new StdioServerTransport());
  // The transport does not notice the end of its input by itself.
  process.stdin.once("end", close);
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted) close();
  await closed;
}
