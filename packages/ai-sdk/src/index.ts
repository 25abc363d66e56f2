export { traceIdOf } from "./calls/trace-id-of.ts";
export { type MediaModelOptions, traceMediaModel } from "./media-model.ts";
export {
  type RivuletMiddleware,
  type RivuletMiddlewareOptions,
  rivuletMiddleware,
  type SpecificationVersion,
} from "./middleware.ts";
export type { CallMarker } from "./sdk/call-marker.ts";
export type { SdkListener } from "./sdk/sdk-event.ts";
export { type RivuletTelemetry, rivuletTelemetry } from "./telemetry.ts";
export type { RivuletTelemetryOptions } from "./telemetry-options.ts";
export type { CallListeners } from "./v6/call-listeners.ts";
export { traceAiSdk } from "./v6/trace-ai-sdk.ts";
export type { LeafHandlers } from "./v7/leaf-handlers.ts";
export type { Execution, TextHandlers } from "./v7/text-handlers.ts";
