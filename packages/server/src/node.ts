export {
  type NodeListener,
  type NodeListenerOptions,
  type NodeNative,
  type ServedHandler,
  toNodeListener,
} from "./node/to-node-listener.ts";
export type { TraceRequestOptions } from "./tracing/request-span.ts";
export { traceErrors } from "./tracing/trace-errors.ts";
export {
  type RoutedRequest,
  type TraceMiddleware,
  traceRequests,
} from "./tracing/trace-requests.ts";
