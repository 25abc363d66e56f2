import type { ActiveRun, LoggedModel, ModelFacts, ModelField, ModelSignature } from "@rivulet/core";
import type { io } from "@tensorflow/tfjs-core";
import { savedResult } from "./io-handler.ts";
import { toFiles } from "./model-artifacts.ts";
import type { ModelLike, TensorLike } from "./tf-types.ts";

/** Options of {@link logTfjsModel}. */
export interface LogTfjsModelOptions extends Omit<ModelFacts, "modelType"> {
  /** For people to read, and the folder. @default 'model' */
  readonly name?: string;
}

/**
 * Keeps a model with its weights as a logged model of a run, with what it takes and gives as its signature.
 *
 * @throws RivuletError as `run.logModel`
 */
export async function logTfjsModel(
  run: Pick<ActiveRun, "logModel">,
  model: ModelLike,
  { name = "model", ...facts }: LogTfjsModelOptions = {},
): Promise<LoggedModel> {
  const signature = signatureOf(model);
  const files = toFiles(await artifactsOf(model));
  return run.logModel(name, files, {
    ...(signature === undefined ? {} : { signature }),
    ...facts,
    modelType: "tfjs",
  });
}

async function artifactsOf(model: ModelLike): Promise<io.ModelArtifacts> {
  let saved: io.ModelArtifacts = {};
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
      return savedResult(artifacts);
    },
  });
  return saved;
}

function signatureOf({ inputs, outputs }: ModelLike): ModelSignature | undefined {
  if (inputs === undefined || inputs.length === 0) return undefined;
  return {
    inputs: inputs.map(fieldOf),
    ...(outputs === undefined ? {} : { outputs: outputs.map(fieldOf) }),
  };
}

function fieldOf({ name, shape, dtype = "float32" }: TensorLike): ModelField {
  return { name, type: dtype, shape: [...shape] };
}
