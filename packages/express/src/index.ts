export { type AccessLevel, type ApiKey, type ApiKeyAuthOptions, apiKeyAuth } from "@rivulet/server";
export {
  type TraceMiddleware,
  type TraceRequestOptions,
  traceErrors,
  traceRequests,
} from "@rivulet/server/node";
export type { LoadMcp, McpModule, MlopsMcp } from "./mcp-on-demand.ts";
export {
  type MlopsAuth,
  type MlopsContext,
  type MlopsMiddleware,
  type MlopsOptions,
  mlops,
} from "./mlops.ts";
export type { LoadOtel, MlopsOtlp, OtelModule } from "./otlp-on-demand.ts";
