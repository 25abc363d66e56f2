import { RivuletError } from "@rivulet/core";
import type { ModelLoader } from "../model.ts";
import { modelFile } from "./model-file.ts";
import { loadOnnx } from "./onnx.ts";
import { loadTfjs } from "./tfjs.ts";

/** Loads what the files say the model is: ONNX, or TensorFlow.js. @throws RivuletError `unsupported` for anything else */
export const loadByFiles: ModelLoader = (files, context) => {
  if (modelFile(files, ".onnx") !== undefined) return loadOnnx(files, context);
  if (modelFile(files, "model.json") !== undefined) return loadTfjs(files, context);
  throw new RivuletError(
    "unsupported",
    `Model ${context.name}@${context.version} has neither a .onnx file nor a model.json (it has ${files.paths.slice(0, 5).join(", ")}). Give a loader that knows it.`,
  );
};
