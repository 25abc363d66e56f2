export type { AccessLevel } from "./access/access-level.ts";
export { type ApiKey, type ApiKeyAuthOptions, apiKeyAuth } from "./access/api-key-auth.ts";
export type { Auth, AuthResult } from "./access/auth.ts";
export { readKeptToken, tokenPath } from "./access/kept-token.ts";
export type { SignInPage } from "./access/sign-in-routes.ts";
export { createHandler } from "./create-handler.ts";
export type {
  BytesRoute,
  ExtensionCall,
  ExtensionError,
  ExtensionRoute,
  HandlerExtension,
  JsonRoute,
  StreamRoute,
} from "./extensions/extension.ts";
export type { Handler, HandlerContext } from "./handler.ts";
export type { HandlerOptions } from "./settings.ts";
export type { TraceRequestOptions } from "./tracing/request-span.ts";
export {
  type RequestHandler,
  type TraceHandlerOptions,
  traceHandler,
} from "./tracing/trace-handler.ts";
