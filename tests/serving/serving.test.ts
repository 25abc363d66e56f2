import { createRivulet } from "@rivulet/core";
import type { LoadedModel, ModelLoader } from "@rivulet/serving";
import * as tf from "@tensorflow/tfjs";
import { expect, onTestFinished, test, vi } from "vitest";
import { linearOnnx } from "./onnx-file.ts";
import { aRegistry, aServer, register } from "./served.ts";

const SIGNATURE = JSON.stringify({
  inputs: JSON.stringify([
    { name: "rooms", type: "long" },
    { name: "area", type: "double" },
    { name: "age", type: "double", required: false },
  ]),
});

/** Says what it was given, and which file it is of. */
const telling: ModelLoader = async (files) => {
  const name = new TextDecoder().decode(await files.read(files.main ?? ""));
  return { predict: (rows) => rows.map((row) => ({ name, row })) };
};

test("an ONNX model scores rows in every form of MLflow's protocol, and CSV", async () => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "price.onnx": linearOnnx([1, 10, 100], 0.5) } });
  const { ask, server } = await aServer(rivulet);
  const wanted = { status: 200, body: { predictions: [[321.5], [0.5]] } };
  const columns = ["a", "b", "c"];
  const data = [
    [1, 2, 3],
    [0, 0, 0],
  ];
  const records = [
    { a: 1, b: 2, c: 3 },
    { a: 0, b: 0, c: 0 },
  ];
  expect(await ask({ dataframe_split: { columns, data } })).toEqual(wanted);
  expect(await ask({ dataframe_records: records })).toEqual(wanted);
  expect(await ask({ instances: data })).toEqual(wanted);
  expect(await ask({ inputs: data })).toEqual(wanted);
  expect(await ask({ inputs: { a: [1, 0], b: [2, 0], c: [3, 0] } })).toEqual(wanted);
  expect(await ask("a,b,c\n1,2,3\n0,0,0\n", "text/csv; charset=utf-8")).toEqual(wanted);
  expect(await ask({ instances: [] })).toEqual({ status: 200, body: { predictions: [] } });
  expect(server.served()).toMatchObject({ model: "price", version: 1, reference: "price@live" });
  expect(await ask({ instances: [[1, 2]] })).toMatchObject({
    status: 400,
    body: { error_code: "BAD_REQUEST", message: "Row 0: it has 2 values, but the model takes 3." },
  });
});

test("a model of TensorFlow.js with its weights scores as it did when it was saved", async () => {
  const { rivulet } = aRegistry();
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: "sigmoid" })],
  });
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  const weightsManifest = [{ paths: ["weights.bin"], weights: saved.weightSpecs }];
  const { modelTopology, format } = saved;
  const json = JSON.stringify({ format, modelTopology, weightsManifest });
  const run = await rivulet.runs.start({ name: "train" });
  await run.logArtifact("model/model.json", json);
  await run.logArtifact("model/weights.bin", new Uint8Array(saved.weightData as ArrayBuffer));
  await run.finish();
  await rivulet.models.register({
    name: "price",
    runId: run.id,
    artifactPath: "model/model.json",
    aliases: ["live"],
  });
  const { ask } = await aServer(rivulet);
  const wanted = await (model.predict(tf.tensor2d([[1, 2, 3]])) as tf.Tensor).array();
  expect(await ask({ instances: [[1, 2, 3]] })).toEqual({
    status: 200,
    body: { predictions: wanted },
  });
  model.dispose();
});

test("rows are checked against the signature, and told by row and column", async () => {
  const { rivulet } = aRegistry();
  const tags = { "mlflow.signature": SIGNATURE };
  await register(rivulet, { files: { "a.txt": "one" }, tags });
  const { ask } = await aServer(rivulet, { loader: telling });
  const row = { rooms: 3, area: 70.5 };
  expect(await ask({ dataframe_records: [{ area: 70.5, other: "x", rooms: 3 }] })).toEqual({
    status: 200,
    body: { predictions: [{ name: "one", row: { ...row, age: null } }] },
  });
  expect(await ask("rooms,area,age\n3,70.5,\n", "text/csv")).toMatchObject({
    body: { predictions: [{ row: { ...row, age: null } }] },
  });
  const refused = async (second: unknown): Promise<unknown> =>
    (await ask({ dataframe_records: [row, second] })).body;
  expect(await refused({ rooms: 1.5, area: 1 })).toEqual({
    error_code: "BAD_REQUEST",
    message: 'Row 1 has 1.5 in the column "rooms", which is long.',
    details: { row: 1, column: "rooms" },
  });
  expect(await refused({ rooms: 1 })).toMatchObject({
    message: 'Row 1 lacks the column "area".',
  });
  expect(await refused({ rooms: "1", area: 1 })).toMatchObject({ details: { column: "rooms" } });
  expect((await ask({ instances: [[1, 2]] })).body).toMatchObject({
    message: "Row 0 has 2 values, but the model takes 3.",
  });
});

test("whole numbers of 32 bits are taken from the least to the greatest, and no further", async () => {
  const { rivulet } = aRegistry();
  const tags = { "mlflow.signature": '{"inputs": [{"name": "n", "type": "integer"}]}' };
  await register(rivulet, { files: { "a.txt": "one" }, tags });
  const { ask } = await aServer(rivulet, { loader: telling });
  const statusOf = async (n: number) => (await ask({ dataframe_records: [{ n }] })).status;
  expect(await statusOf(-2_147_483_648)).toBe(200);
  expect(await statusOf(2_147_483_647)).toBe(200);
  expect(await statusOf(-2_147_483_649)).toBe(400);
  expect(await statusOf(2_147_483_648)).toBe(400);
});

test.each([
  ["no JSON", "{", "application/json", 400, /not valid JSON/],
  ["no object", "[]", "application/json", 400, /must be an object with one of/],
  ["two forms", { instances: [], inputs: [] }, "application/json", 400, /exactly one of/],
  [
    "an unknown field",
    { instances: [], rows: [] },
    "application/json",
    400,
    /unknown field "rows"/,
  ],
  [
    "columns of unequal length",
    { inputs: { a: [1], b: [] } },
    "application/json",
    400,
    /inputs\.b/,
  ],
  [
    "rows that do not fit",
    { dataframe_split: { columns: ["a"], data: [[1, 2]] } },
    "application/json",
    400,
    /Row 0/,
  ],
  ["broken CSV", 'a,b\n"1,2', "text/csv", 400, /not valid CSV/],
  ["another type", "x", "text/plain", 415, /send application\/json or text\/csv/],
  ["too many rows", { instances: [1, 2, 3] }, "application/json", 413, /3 rows are more than 2/],
  [
    "too many bytes",
    { instances: ["x".repeat(500)] },
    "application/json",
    413,
    /more than 200 bytes/,
  ],
] as const)("%s is refused", async (...[, body, type, status, message]) => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { ask } = await aServer(rivulet, { loader: telling, maxRows: 2, maxBodyBytes: 200 });
  const answer = await ask(body, type);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ message: expect.stringMatching(message) });
});

test("a version of a logged model takes the columns of its signature, in any order", async () => {
  const { rivulet } = aRegistry();
  const run = await rivulet.runs.start({ name: "train" });
  const signature = {
    inputs: [
      { name: "a", type: "double" },
      { name: "b", type: "number" },
      { name: "c", type: "double", optional: true },
    ],
  };
  const files = { "price.onnx": linearOnnx([1, 10, 100], 0.5) };
  await run.logModel("model", files, { signature, registerAs: "price", aliases: ["live"] });
  await run.finish();
  const { ask, server } = await aServer(rivulet);
  expect(server.served().signature).toEqual({
    inputs: [
      { name: "a", type: "double", required: true },
      { name: "b", type: "number", required: true },
      { name: "c", type: "double", required: false },
    ],
  });
  expect(await ask({ dataframe_records: [{ c: 3, b: 2, more: 9, a: 1 }] })).toEqual({
    status: 200,
    body: { predictions: [[321.5]] },
  });
  expect(await ask({ dataframe_records: [{ b: 2, c: 3 }] })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('lacks the column "a"') },
  });
});

test("what is served are the files that the version has pinned", async () => {
  const { rivulet } = aRegistry();
  const files = { "price.onnx": linearOnnx([1, 10, 100], 0.5), "more.txt": "more" };
  const { runId = "" } = await register(rivulet, { files });
  await rivulet.artifacts.put({
    runId,
    path: "model/price.onnx",
    content: linearOnnx([0, 0, 0], 7),
  });
  await rivulet.runs.delete(runId);
  const { ask } = await aServer(rivulet);
  expect(await ask({ instances: [[1, 2, 3]] })).toEqual({
    status: 200,
    body: { predictions: [[321.5]] },
  });
});

test("when the alias moves, the new version takes over; what runs finishes on the old one", async () => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const gates: (() => void)[] = [];
  const freed: string[] = [];
  const loader: ModelLoader = async (files, { version }) => {
    const name = new TextDecoder().decode(await files.read(files.main ?? ""));
    if (name === "broken") throw new Error("it is broken");
    return {
      predict: async ([row]) => {
        if (row === "wait") await new Promise<void>((resolve) => gates.push(resolve));
        return [name];
      },
      dispose: () => void freed.push(`${name} ${version}`),
    };
  };
  const { ask, server } = await aServer(rivulet, { loader });
  const waiting = ask({ instances: ["wait"] });
  await vi.waitFor(() => expect(gates).toHaveLength(1));
  await register(rivulet, { files: { "a.txt": "two" } });
  await vi.waitFor(() => expect(server.served().version).toBe(2));
  expect((await ask({ instances: [1] })).body).toEqual({ predictions: ["two"] });
  expect(freed).toEqual([]);
  gates[0]?.();
  expect((await waiting).body).toEqual({ predictions: ["one"] });
  await vi.waitFor(() => expect(freed).toEqual(["one 1"]));

  await register(rivulet, { files: { "a.txt": "broken" } });
  await vi.waitFor(() =>
    expect(server.served()).toMatchObject({
      version: 2,
      failed: { version: 3, message: "it is broken" },
    }),
  );
  expect((await ask({ instances: [1] })).body).toEqual({ predictions: ["two"] });
  expect(errors.map(({ message }) => message)).toEqual([
    "price@live (version 3) cannot be served: it is broken Version 2 is still served.",
  ]);
  await rivulet.models.setAlias({ name: "price", alias: "live", version: 1 });
  await vi.waitFor(() => expect(server.served().version).toBe(1));
  expect(server.served()).not.toHaveProperty("failed");
  await server.close();
  expect(freed).toEqual(["one 1", "two 2", "one 1"]);
  expect((await ask({ instances: [1] })).status).toBe(503);
});

test("a loader that never ends holds up no later move, is told while it loads, and no longer than it may", async () => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const ends: (() => void)[] = [];
  const freed: number[] = [];
  const loader: ModelLoader = async (files, { version }) => {
    const name = new TextDecoder().decode(await files.read(files.main ?? ""));
    if (name === "slow") await new Promise<void>((resolve) => ends.push(resolve));
    return { predict: () => [name], dispose: () => void freed.push(version) };
  };
  const { ask, server } = await aServer(rivulet, { loader, loadTimeoutMs: 60_000 });
  const version = async (): Promise<unknown> =>
    (await server.handle(new Request("http://localhost/version"))).json();

  await register(rivulet, { files: { "a.txt": "slow" } });
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  const loading = { version: 2, since: expect.any(Number) };
  expect(await version()).toMatchObject({ version: 1, loading });
  await register(rivulet, { files: { "a.txt": "three" } });
  await vi.waitFor(() => expect(server.served().version).toBe(3));
  expect(await version()).not.toHaveProperty("loading");
  ends[0]?.();
  await vi.waitFor(() => expect(freed).toEqual([1, 2]));
  expect((await ask({ instances: [1] })).body).toEqual({ predictions: ["three"] });

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await rivulet.models.setAlias({ name: "price", alias: "live", version: 2 });
  while (ends.length < 2) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(await version()).toMatchObject({ version: 3, loading });
  await vi.advanceTimersByTimeAsync(1);
  const message = "Loading it took more than 60000 ms (loadTimeoutMs).";
  expect(await version()).toMatchObject({ version: 3, failed: { version: 2, message } });
  expect(await version()).not.toHaveProperty("loading");
  expect(errors.map((error) => error.message)).toEqual([
    `price@live (version 2) cannot be served: ${message} Version 3 is still served.`,
  ]);
  ends[1]?.();
  while (freed.length < 3) await new Promise(setImmediate);
  expect(freed).toEqual([1, 2, 2]);
  expect(server.served().version).toBe(3);
});

test("a first version whose loading never ends is not waited for without end, and freed when it ends", async () => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const load = Promise.withResolvers<LoadedModel>();
  const freed = Promise.withResolvers<string>();
  const serving = aServer(rivulet, { loader: () => load.promise, loadTimeoutMs: 1 });
  await expect(serving).rejects.toMatchObject({
    code: "deadline_exceeded",
    message: "Loading it took more than 1 ms (loadTimeoutMs).",
  });
  load.resolve({ predict: () => [], dispose: () => freed.resolve("freed") });
  expect(await freed.promise).toBe("freed");
});

test("a model that is made anew takes over, although its version has the same number", async () => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { server, ask } = await aServer(rivulet, { loader: telling });
  const name = async (): Promise<unknown> => {
    const { body } = await ask({ instances: [[1]] });
    return (body as { predictions: readonly { name: string }[] }).predictions[0]?.name;
  };
  expect(await name()).toBe("one");
  await rivulet.models.delete("price");
  await vi.waitFor(() => expect(server.served().failed).toBeDefined());
  expect(await name()).toBe("one");
  // Made in another millisecond, by which the two are told apart.
  const before = (await rivulet.models.history({ name: "price", limit: 1 })).items[0]?.at ?? 0;
  await vi.waitUntil(() => rivulet.now() > before);
  await register(rivulet, { files: { "a.txt": "two" } });
  await expect.poll(name).toBe("two");
  expect(server.served()).toMatchObject({ version: 1 });
  expect(server.served()).not.toHaveProperty("failed");
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^price@live cannot be served: .* Version 1 is still served\.$/),
  ]);
});

test("no more requests wait than are allowed to, and a model that fails tells its callers nothing", async () => {
  const { rivulet, errors } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const gates: (() => void)[] = [];
  const loader: ModelLoader = () => ({
    predict: async ([row]) => {
      if (row === "fail") throw new Error("secret path");
      await new Promise<void>((resolve) => gates.push(resolve));
      return [row];
    },
  });
  const { ask } = await aServer(rivulet, { loader, concurrency: 1, maxWaiting: 1 });
  const first = ask({ instances: [1] });
  await vi.waitFor(() => expect(gates).toHaveLength(1));
  const second = ask({ instances: [2] });
  expect((await ask({ instances: [3] })).status).toBe(503);
  gates[0]?.();
  await vi.waitFor(() => expect(gates).toHaveLength(2));
  gates[1]?.();
  expect([(await first).body, (await second).body]).toEqual([
    { predictions: [1] },
    { predictions: [2] },
  ]);
  expect(await ask({ instances: ["fail"] })).toEqual({
    status: 500,
    body: { error_code: "INTERNAL_ERROR", message: "The model failed." },
  });
  expect(errors.map(({ message }) => message)).toEqual(["secret path"]);
});

test.each([
  ["an unknown alias", "price@none", {}, "not_found", /price@none/],
  ["files that no loader knows", "price@live", {}, "unsupported", /neither a \.onnx file/],
  [
    "a loader that makes no model",
    "price@live",
    { loader: () => ({}) as never },
    "invalid_argument",
    /predict\(\)/,
  ],
])("%s cannot be served", async (...[, reference, options, code, message]) => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  await expect(aServer(rivulet, { reference, ...options })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test("the other addresses say that it is there, and which version it is", async () => {
  const { rivulet } = aRegistry();
  await register(rivulet, { files: { "a.txt": "one" } });
  const { server } = await aServer(rivulet, { loader: telling });
  const get = (path: string): Promise<Response> =>
    server.handle(new Request(`http://localhost${path}`));
  expect((await get("/ping")).status).toBe(200);
  expect((await get("/health/")).status).toBe(200);
  expect(await (await get("/version")).json()).toEqual(server.served());
  expect((await get("/other")).status).toBe(404);
  expect((await get("/invocations")).status).toBe(404);
});

test("another process that moves the alias is followed, too", async () => {
  const { aFolder } = await import("../core/client.ts");
  const store = `sqlite:${await aFolder()}/r.db`;
  const [one, other] = [createRivulet({ store }), createRivulet({ store })];
  for (const client of [one, other]) onTestFinished(() => client.close());
  await register(one, { files: { "a.txt": "one" } });
  const { server } = await aServer(one, { loader: telling });
  await register(other, { files: { "a.txt": "two" } });
  await vi.waitFor(() => expect(server.served().version).toBe(2), { timeout: 10_000 });
});
