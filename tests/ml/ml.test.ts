import { fromJson, toJson } from "@rivulet/ml";
import { onnxSignature } from "@rivulet/ml/onnx";
import { RandomForestClassifier } from "ml-random-forest";
import { expect, test } from "vitest";
import { aClient } from "../core/client.ts";

test("a forest is kept and read back, and predicts the same", async () => {
  const { rivulet } = await aClient("memory");
  const features = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n, n % 2]);
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  const forest = new RandomForestClassifier({ nEstimators: 5, seed: 1, noOOB: true });
  forest.train(features, labels);
  const run = await rivulet.runs.start();
  const model = await run.logModel("forest", toJson(forest), { modelType: "ml-random-forest" });
  const path = `${model.artifactPath}/model.json`;
  const { content } = await rivulet.artifacts.get({ runId: model.runId, path });
  const loaded = RandomForestClassifier.load(fromJson(content) as never);
  expect(loaded.predict(features)).toEqual(forest.predict(features));
});

test("what JSON would change stays what it is", () => {
  // A part of a larger buffer, as wasm and pools of buffers give them.
  const part = new Float64Array(Float64Array.of(7, 8, 9, 10).buffer, 8, 2);
  const model = {
    part,
    weights: Float32Array.of(1.5, -0, Number.NaN),
    counts: Int32Array.of(1, -2),
    deep: [{ best: Number.POSITIVE_INFINITY, worst: Number.NEGATIVE_INFINITY, none: null }],
    zero: -0,
    text: "NaN",
    gone: undefined,
  };
  const { gone: _, ...kept } = model;
  const back = fromJson(toJson(model)["model.json"] ?? "");
  expect(back).toEqual(kept);
  expect(Object.is((back as typeof model).zero, -0)).toBe(true);
});

test.each([
  ["a function", { a: { b: [() => 1] } }, /model\.a\.b\.0: is a function/],
  ["a map", { a: new Map() }, /model\.a: is a Map/],
  ["a buffer", { a: [new ArrayBuffer(8)] }, /model\.a\.0: is a ArrayBuffer/],
  ["a date", { a: new Date(0) }, /model\.a: is a Date/],
  ["a pattern", { a: /x/ }, /model\.a: is a RegExp/],
  ["an error", { a: new TypeError("x") }, /model\.a: is a Error/],
  ["what is still to come", { a: Promise.resolve(1) }, /model\.a: is a Promise/],
  ["a number as an object", { a: Object(Number.NaN) }, /model\.a: is a Number/],
  ["a missing value in a list", { a: [1, undefined] }, /model\.a\.1: is missing in a list/],
  ["a hole in a list", { a: new Array(2) }, /model\.a\.0: is missing in a list/],
  ["no model", null as never, /^model: is no model/],
  ["our mark", { a: { $rivulet: 1 } }, /marks what JSON cannot hold/],
])("%s is refused with its path", (_, model, message) => {
  expect(() => toJson(model)).toThrow(message);
});

test("a circle is refused", () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(() => toJson(circle)).toThrow(/in a circle/);
});

test("text that is no JSON is refused", () => {
  expect(() => fromJson("{")).toThrow(/is no JSON/);
});

test("the signature of a session of ONNX Runtime has its tensors, with free dimensions", () => {
  const session = {
    inputNames: ["x", "odd"],
    outputNames: ["label"],
    inputMetadata: [
      { name: "x", isTensor: true, type: "float32", shape: ["batch", 4] },
      { name: "odd", isTensor: false },
    ],
    outputMetadata: [{ name: "label", isTensor: true, type: "int64", shape: [-1] }],
  } as const;
  expect(onnxSignature(session)).toEqual({
    inputs: [
      { name: "x", type: "float32", shape: [null, 4] },
      { name: "odd", type: "unknown" },
    ],
    outputs: [{ name: "label", type: "int64", shape: [null] }],
  });
});
