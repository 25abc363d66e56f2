import { RivuletError } from "@rivulet/core";
import type * as Tf from "@tensorflow/tfjs";
import type { LoadContext, LoadedModel, ModelFiles } from "../model.ts";
import { cellOf, numbersOf, requireWidth, valuesOf } from "./columns-of-row.ts";
import { modelFile } from "./model-file.ts";
import { importPeer } from "./peer.ts";

/** Loads `model.json` with its weights: a layers or a graph model. Needs `@tensorflow/tfjs`. @throws RivuletError `unsupported` */
export async function loadTfjs(files: ModelFiles, context: LoadContext): Promise<LoadedModel> {
  const path = modelFile(files, "model.json");
  if (path === undefined) throw new RivuletError("not_found", "The model has no model.json.");
  const tf = await importPeer("@tensorflow/tfjs", () => import("@tensorflow/tfjs"));
  const artifacts = await readArtifacts(files, path);
  const handler = { load: async () => artifacts };
  const isGraph = artifacts.format === "graph-model";
  const model = isGraph ? await tf.loadGraphModel(handler) : await tf.loadLayersModel(handler);
  const inputs = model.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  return {
    async predict(rows) {
      const results = tf.tidy(() => {
        const tensors = inputs.map(({ name, shape, dtype }) => {
          const cells = rows.map((row, at) =>
            inputs.length === 1 ? valuesOf(row, context.columns) : cellOf(row, name, at),
          );
          return tensorOf(tf, { shape: shape ?? [], dtype }, cells);
        });
        const given = tensors.length === 1 ? (tensors[0] as Tf.Tensor) : tensors;
        return [model.predict(given) as Tf.Tensor | Tf.Tensor[] | Tf.NamedTensorMap].flat();
      });
      return readOut(
        results,
        model.outputs.map(({ name }) => name),
      );
    },
    dispose: () => void model.dispose(),
  };
}

interface InputShape {
  readonly shape: readonly (number | null)[];
  readonly dtype: Tf.DataType | undefined;
}

function tensorOf(
  tf: typeof Tf,
  { shape, dtype = "float32" }: InputShape,
  rows: readonly (readonly unknown[])[],
): Tf.Tensor {
  const width = rows[0]?.length ?? 0;
  const dims = shape.slice(1).map((size) => (size === null || size < 0 ? undefined : size));
  const known = dims.reduce<number>((product, size) => product * (size ?? 1), 1);
  const isOpen = dims.includes(undefined);
  requireWidth(rows, isOpen ? width : known);
  const filled = dims.map((size) => size ?? width / known);
  const cells = dtype === "string" || dtype === "bool" ? rows : numbersOf(rows, dtype);
  const values = cells.flat() as number[];
  return tf.tensor(values, [rows.length, ...(shape.length === 0 ? [width] : filled)], dtype);
}

async function readOut(
  results: readonly (Tf.Tensor | Tf.NamedTensorMap)[],
  names: readonly string[],
): Promise<unknown> {
  const [only] = results;
  const named: readonly (readonly [string, Tf.Tensor])[] =
    results.length === 1 && only !== undefined && !("dataId" in only)
      ? Object.entries(only as Tf.NamedTensorMap)
      : results.map((tensor, at) => [names[at] ?? String(at), tensor as Tf.Tensor]);
  const read = await Promise.all(
    named.map(async ([name, tensor]) => {
      const list = await tensor.array();
      tensor.dispose();
      return [name, list] as const;
    }),
  );
  return read.length === 1 ? read[0]?.[1] : Object.fromEntries(read);
}

/** `model.json` as TensorFlow.js writes it. */
interface ModelJson {
  readonly format?: string;
  readonly modelTopology?: object;
  readonly signature?: object;
  readonly userDefinedMetadata?: Readonly<Record<string, object>>;
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly Tf.io.WeightsManifestEntry[];
  }[];
}

async function readArtifacts(files: ModelFiles, path: string): Promise<Tf.io.ModelArtifacts> {
  const json = JSON.parse(new TextDecoder().decode(await files.read(path))) as ModelJson;
  const { weightsManifest = [], modelTopology, format, signature, userDefinedMetadata } = json;
  if (modelTopology === undefined) {
    throw new RivuletError("invalid_argument", `${path} is no model of TensorFlow.js.`);
  }
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const parts = await Promise.all(
    weightsManifest.flatMap(({ paths }) => paths.map((name) => files.read(folder + name))),
  );
  const weights = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    weights.set(part, at);
    at += part.byteLength;
  }
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => [...group.weights]),
    weightData: weights.buffer,
    ...(format === undefined ? {} : { format }),
    ...(signature === undefined ? {} : { signature }),
    ...(userDefinedMetadata === undefined ? {} : { userDefinedMetadata }),
  };
}
