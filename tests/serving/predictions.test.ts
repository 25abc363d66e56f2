import type { ModelLoader } from "@rivulet/serving";
import { expect, test, vi } from "vitest";
import { linearOnnx } from "./onnx-file.ts";
import { aRegistry, aServer, register } from "./served.ts";

const predicting =
  (predictions: unknown): ModelLoader =>
  () => ({ predict: () => predictions });

test.each([
  ["typed arrays", new Float32Array([0.5, 2]), [0.5, 2]],
  ["numbers that JSON lacks", [Number.NaN, Number.NEGATIVE_INFINITY], ["NaN", "-Infinity"]],
  ["rows of typed arrays", [new Float64Array([1]), new Float64Array([Number.NaN])], [[1], ["NaN"]]],
  ["named outputs", { a: new Int32Array([1, 2]), b: ["x", "y"] }, { a: [1, 2], b: ["x", "y"] }],
])("%s are predictions that reach the caller as they are", async (_, given, predictions) => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { ask } = await aServer(rivulet, { loader: predicting(given) });
  expect(await ask({ instances: [1, 2] })).toEqual({ status: 200, body: { predictions } });
});

test.each([
  ["nothing", undefined, "no list of"],
  ["too few", [1], "1"],
  ["a list too short among named ones", { a: [1, 2], b: [1] }, "1"],
  ["no outputs", {}, "no list of"],
])("%s predicted is the model's failure, and reported", async (_, given, count) => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { ask } = await aServer(rivulet, { loader: predicting(given) });
  expect((await ask({ instances: [1, 2] })).status).toBe(500);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining(`The model gave ${count} predictions for 2 rows`),
  ]);
});

test("a value that is missing is NaN to an ONNX model, and no value becomes another one", async () => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "price.onnx": linearOnnx([1, 10, 100], 0.5) } });
  const { ask } = await aServer(rivulet);
  expect((await ask({ instances: [[1, null, 3]] })).body).toEqual({ predictions: [["NaN"]] });
  expect((await ask({ instances: [[1, "NaN", 3]] })).body).toEqual({ predictions: [["NaN"]] });
  expect((await ask("a,b,c\n1, ,3\n", "text/csv")).body).toMatchObject({
    message: 'Row 0: " " is no float32.',
  });
  expect(
    await ask({
      instances: [
        [1, 2, 3],
        [1, "many", 3],
      ],
    }),
  ).toEqual({
    status: 400,
    body: {
      error_code: "BAD_REQUEST",
      message: 'Row 1: "many" is no float32.',
      details: { row: 1 },
    },
  });
});

test("NaN is taken where the signature has a real number, and only there", async () => {
  const { rivulet } = aRegistry();
  const signature = JSON.stringify({
    inputs: [
      { name: "area", type: "double" },
      { name: "rooms", type: "long" },
    ],
  });
  await register(rivulet, {
    files: { "a.txt": "one" },
    tags: { "mlflow.signature": signature },
  });
  const loader: ModelLoader = () => ({
    predict: (rows) => rows.map((row) => Number.isNaN((row as { area: number }).area)),
  });
  const { ask } = await aServer(rivulet, { loader });
  const rows = [{ area: "NaN", rooms: 1 }];
  expect((await ask({ dataframe_records: rows })).body).toEqual({ predictions: [true] });
  expect((await ask({ dataframe_records: [{ area: 1, rooms: "NaN" }] })).status).toBe(400);
});

test.each([
  ["CSV", "a,a\n1,2\n", "text/csv"],
  ["dataframe_split", { dataframe_split: { columns: ["a", "a"], data: [[1, 2]] } }, undefined],
])("a column that is there twice is refused in %s", async (_, body, type) => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { ask } = await aServer(rivulet, { loader: predicting([1]) });
  expect(await ask(body, type)).toMatchObject({
    status: 400,
    body: { message: 'The column "a" is there twice.' },
  });
});

test.each([
  ["a folder", "model", "weights.json"],
  ["a file", "model/weights.json", "weights.json"],
])(
  "the bytes of %s that were registered are served, not what its run has now",
  async (_, artifactPath, file) => {
    const { rivulet } = aRegistry();
    const run = await rivulet.runs.start({ name: "train" });
    await run.logArtifact("model/weights.json", "[1]");
    await run.logArtifact("model/other.json", "[2]");
    await rivulet.models.register({
      name: "price",
      runId: run.id,
      artifactPath,
      aliases: ["live"],
    });
    await run.logArtifact("model/weights.json", "[9]");
    const loader: ModelLoader = async (files) => {
      const text = new TextDecoder().decode(await files.read(file));
      return { predict: () => [[text, files.paths]] };
    };
    const { ask } = await aServer(rivulet, { loader });
    expect((await ask({ instances: [1] })).body).toEqual({
      predictions: [["[1]", ["other.json", "weights.json"]]],
    });
  },
);

test("a server ends while a version is being loaded that never will be; what comes later is freed", async () => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const freed: number[] = [];
  const second = Promise.withResolvers<void>();
  let isLoading = false;
  const loader: ModelLoader = async (_files, { version }) => {
    isLoading = version === 2;
    if (isLoading) await second.promise;
    return { predict: () => [version], dispose: () => void freed.push(version) };
  };
  const { server } = await aServer(rivulet, { loader });
  await register(rivulet, { files: { "a.txt": "two" } });
  await vi.waitFor(() => expect(isLoading).toBe(true));
  await server.close();
  expect(freed).toEqual([1]);
  second.resolve();
  await vi.waitFor(() => expect(freed).toEqual([1, 2]));
  expect(errors).toEqual([]);
});

test("a version that could not be loaded is tried again when it was mended", async () => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const loader: ModelLoader = (_files, { version }) => ({ predict: () => [version] });
  const { server } = await aServer(rivulet, { loader });
  await register(rivulet, { files: { "a.txt": "two" }, tags: { "mlflow.signature": "{broken" } });
  await vi.waitFor(() => expect(server.served().failed?.version).toBe(2));
  const signature = JSON.stringify({ inputs: [{ name: "a", type: "any" }] });
  await rivulet.models.updateVersion({
    name: "price",
    version: 2,
    tags: { "mlflow.signature": signature },
  });
  await vi.waitFor(() => expect(server.served().version).toBe(2));
  expect(server.served()).not.toHaveProperty("failed");
});
