export { loadByFiles } from "./loaders/load-by-files.ts";
export { loadOnnx } from "./loaders/onnx.ts";
export { loadTfjs } from "./loaders/tfjs.ts";
export type { LoadContext, LoadedModel, ModelFiles, ModelLoader, Row } from "./model.ts";
export type { ModelSignature, SignatureColumn } from "./request/signature.ts";
export {
  type ModelServer,
  type ServedModel,
  type ServeModelOptions,
  serveModel,
} from "./serve-model.ts";
export type { FailedVersion, LoadingVersion } from "./serving/follow-reference.ts";
