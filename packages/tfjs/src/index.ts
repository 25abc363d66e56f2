export {
  type Autolog,
  type AutologClient,
  type AutologOptions,
  autolog,
  type ClassLike,
  type TensorFlow,
} from "./autolog.ts";
export { type FitLogging, rivuletCallback } from "./fit-callback.ts";
export { loadFrom, type ModelHandler, rivuletHandler, saveTo } from "./io-handler.ts";
export { type LogTfjsModelOptions, logTfjsModel } from "./log-model.ts";
export type { FitCallbacks, Logs, ModelLike, TensorLike } from "./tf-types.ts";
export type { CallbackClass } from "./with-callback.ts";
