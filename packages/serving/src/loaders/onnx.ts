import { RivuletError } from "@rivulet/core";
import type * as Ort from "onnxruntime-node";
import type { LoadContext, LoadedModel, ModelFiles, Row } from "../model.ts";
import { cellOf, numbersOf, requireWidth, valuesOf } from "./columns-of-row.ts";
import { modelFile } from "./model-file.ts";
import { importPeer } from "./peer.ts";

type Runtime = Pick<typeof Ort, "InferenceSession" | "Tensor">;

/** Loads the first `.onnx` file of a model. Needs `onnxruntime-node`. @throws RivuletError `unsupported` */
export async function loadOnnx(files: ModelFiles, context: LoadContext): Promise<LoadedModel> {
  const path = modelFile(files, ".onnx");
  if (path === undefined) throw new RivuletError("not_found", "The model has no .onnx file.");
  const loaded = await importPeer("onnxruntime-node", () => import("onnxruntime-node"));
  const runtime: Runtime = "default" in loaded ? (loaded.default as Runtime) : loaded;
  const session = await runtime.InferenceSession.create(await files.read(path));
  const inputs = session.inputMetadata.map(inputOf);
  return {
    async predict(rows) {
      const feeds = inputs.map((input) => {
        const values =
          inputs.length === 1
            ? rows.map((row) => valuesOf(row, context.columns))
            : rows.map((row, at) => cellOf(row, input.name, at));
        return [input.name, tensorOf(runtime, input, values)] as const;
      });
      const outputs = await session.run(Object.fromEntries(feeds));
      const named = session.outputNames.map((name) => [
        name,
        listOf(outputs[name], { name, rows }),
      ]);
      const [first] = named;
      return named.length === 1 ? first?.[1] : Object.fromEntries(named);
    },
    dispose: () => session.release(),
  };
}

interface Input {
  readonly name: string;
  readonly type: Ort.Tensor.Type;
  /** Of one row; names stand for any length. */
  readonly shape: readonly (number | string)[];
}

function inputOf(metadata: Ort.InferenceSession.ValueMetadata): Input {
  const { name } = metadata;
  if (metadata.isTensor) return { name, type: metadata.type, shape: metadata.shape.slice(1) };
  throw new RivuletError("unsupported", `The model's input "${name}" is no tensor.`);
}

const MAKERS: Readonly<Partial<Record<Ort.Tensor.Type, (values: readonly unknown[]) => unknown>>> =
  {
    float32: (values) => Float32Array.from(values, Number),
    float64: (values) => Float64Array.from(values, Number),
    int8: (values) => Int8Array.from(values, Number),
    uint8: (values) => Uint8Array.from(values, Number),
    int16: (values) => Int16Array.from(values, Number),
    uint16: (values) => Uint16Array.from(values, Number),
    int32: (values) => Int32Array.from(values, Number),
    uint32: (values) => Uint32Array.from(values, Number),
    int64: (values) => BigInt64Array.from(values, (value) => BigInt(Number(value))),
    uint64: (values) => BigUint64Array.from(values, (value) => BigInt(Number(value))),
    bool: (values) => Uint8Array.from(values, (value) => (value === true || value === 1 ? 1 : 0)),
    string: (values) => values.map(String),
  };

function tensorOf(
  { Tensor }: Runtime,
  { name, type, shape }: Input,
  rows: readonly (readonly unknown[])[],
): Ort.Tensor {
  const make = MAKERS[type];
  if (make === undefined) {
    throw new RivuletError("unsupported", `The model's input "${name}" has the type ${type}.`);
  }
  const width = rows[0]?.length ?? 0;
  const dims = shape.map((size) => (typeof size === "number" && size > 0 ? size : undefined));
  const known = dims.reduce<number>((product, size) => product * (size ?? 1), 1);
  const open = dims.filter((size) => size === undefined).length;
  requireWidth(rows, open === 1 && width % known === 0 ? width : open === 0 ? known : width);
  const filled = dims.map((size) => size ?? (open === 1 ? width / known : 1));
  const cells = type === "string" || type === "bool" ? rows : numbersOf(rows, type);
  return new Tensor(type as "float32", make(cells.flat()) as Float32Array, [
    rows.length,
    ...filled,
  ]);
}

interface Output {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** The values of a tensor as lists of lists. */
function listOf(tensor: Ort.Tensor | undefined, { name, rows }: Output): unknown {
  if (tensor?.data === undefined || tensor.dims === undefined) {
    throw new RivuletError(
      "unsupported",
      `The model's output "${name}" is no tensor. Convert it without ZipMap.`,
    );
  }
  const values = Array.from(tensor.data as ArrayLike<unknown>, (value) =>
    typeof value === "bigint" ? Number(value) : tensor.type === "bool" ? value === 1 : value,
  );
  const dims = tensor.dims.length === 0 ? [rows.length] : tensor.dims;
  return nested(values, dims);
}

function nested(values: readonly unknown[], dims: readonly number[]): unknown {
  const [, ...inner] = dims;
  if (inner.length === 0) return values;
  const size = inner.reduce((product, length) => product * length, 1);
  return Array.from({ length: dims[0] ?? 0 }, (_, at) =>
    nested(values.slice(at * size, (at + 1) * size), inner),
  );
}
