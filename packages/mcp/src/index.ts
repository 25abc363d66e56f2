export { createMcpServer } from "./create-mcp-server.ts";
export {
  type McpCall,
  type McpExtension,
  type McpExtensionOptions,
  mcpExtension,
} from "./mcp-extension.ts";
export type { McpOptions } from "./mcp-options.ts";
export { serveStdio } from "./serve-stdio.ts";
export { tracedHandler } from "./tracing/traced-handler.ts";
export { type ClientTransport, tracedTransport } from "./tracing/traced-transport.ts";
