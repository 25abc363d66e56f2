import type { ArtifactContent } from "@rivulet/core";
import { RivuletError } from "@rivulet/core";
import type { io } from "@tensorflow/tfjs-core";

/** Name of the file with topology and manifest, as TensorFlow.js names it. */
export const MODEL_FILE = "model.json";
const WEIGHTS_FILE = "weights.bin";

/** What `model.json` holds of the fields of the artifacts. */
const KEPT = [
  "format",
  "generatedBy",
  "convertedBy",
  "signature",
  "userDefinedMetadata",
  "modelInitializer",
  "initializerSignature",
  "trainingConfig",
] as const;

/** The files of a model in TensorFlow.js's own layout: `model.json` and `weights.bin`. */
export function toFiles(artifacts: io.ModelArtifacts): Readonly<Record<string, ArtifactContent>> {
  const { modelTopology, weightSpecs = [], weightData } = artifacts;
  if (modelTopology instanceof ArrayBuffer) {
    throw new RivuletError("invalid_argument", "A model with a binary topology is not supported.");
  }
  const own = KEPT.flatMap((key) =>
    artifacts[key] === undefined || artifacts[key] === null ? [] : [[key, artifacts[key]] as const],
  );
  const model = {
    modelTopology,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
    ...Object.fromEntries(own),
  };
  return { [MODEL_FILE]: JSON.stringify(model), [WEIGHTS_FILE]: joined(weightData) };
}

/** Reads one file of a model by its path within it. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** The artifacts in files of TensorFlow.js's layout, which may have several files of weights. */
export async function fromFiles(read: ReadFile): Promise<io.ModelArtifacts> {
  const { weightsManifest = [], ...model } = parseModel(await read(MODEL_FILE));
  const paths = weightsManifest.flatMap(({ paths }) => paths);
  const parts: Uint8Array[] = [];
  for (const path of paths) parts.push(await read(path));
  return {
    ...model,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: Uint8Array.from(Buffer.concat(parts)).buffer,
  };
}

function parseModel(bytes: Uint8Array): io.ModelJSON {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as io.ModelJSON;
  } catch (cause) {
    throw new RivuletError("store_corrupt", `The ${MODEL_FILE} of the model is no JSON.`, {
      cause,
    });
  }
}

function joined(data: io.WeightData | undefined): Uint8Array {
  return Buffer.concat([data ?? []].flat().map((part) => new Uint8Array(part)));
}
