import { onnxSignature } from "@rivulet/ml/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { aClient } from "../core/client.ts";

/** A field of a message of Protocol Buffers, shorter than 128 bytes. */
function field(number: number, content: number | string | readonly number[]): readonly number[] {
  if (typeof content === "number") return [number * 8, content];
  const bytes = typeof content === "string" ? [...Buffer.from(content)] : content;
  return [number * 8 + 2, bytes.length, ...bytes];
}

/** A tensor of 32-bit floats with one free dimension, as ONNX describes it. */
function tensor(name: string): readonly number[] {
  const shape = [...field(1, field(2, "batch")), ...field(1, field(1, 4))];
  return [...field(1, name), ...field(2, field(1, [...field(1, 1), ...field(2, shape)]))];
}

/** An ONNX model that gives what it takes. */
function identity(): Uint8Array {
  const node = [...field(1, "x"), ...field(2, "y"), ...field(4, "Identity")];
  const graph = [
    ...field(1, node),
    ...field(2, "same"),
    ...field(11, tensor("x")),
    ...field(12, tensor("y")),
  ];
  return Uint8Array.from([...field(1, 8), ...field(7, graph), ...field(8, field(2, 13))]);
}

test("a model of ONNX Runtime is kept with its signature, and runs when it is read back", async () => {
  const { rivulet } = await aClient("memory");
  const session = await InferenceSession.create(identity());
  const run = await rivulet.runs.start();
  const model = await run.logModel(
    "same",
    { "model.onnx": identity() },
    {
      modelType: "onnx",
      signature: onnxSignature(session),
    },
  );
  expect((await rivulet.loggedModels.get(model.id)).signature).toEqual({
    inputs: [{ name: "x", type: "float32", shape: [null, 4] }],
    outputs: [{ name: "y", type: "float32", shape: [null, 4] }],
  });
  const { content } = await rivulet.artifacts.get({ runId: run.id, path: "same/model.onnx" });
  const loaded = await InferenceSession.create(content);
  const { y } = await loaded.run({ x: new Tensor("float32", [1, 2, 3, 4], [1, 4]) });
  expect(Array.from(Object(y).data as Float32Array)).toEqual([1, 2, 3, 4]);
});
