import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inputDataset } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, aFolder, refusal, START, STORES } from "./client.ts";

const ROWS = [
  { length: 5.1, width: 3, kind: "setosa" },
  { length: 7, width: null, kind: "virginica" },
];

describe.each(STORES)("datasets that runs are given on %s", (kind) => {
  test("are listed with the run, and find it", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const other = await rivulet.runs.start();
    const iris = inputDataset.fromRows(ROWS, { name: "iris", source: "https://iris.test" });
    await run.logInput(iris, { context: "training", tags: { fold: "1" } });
    await other.logInput({ ...iris, name: "wine" }, { tags: { "mlflow.data.context": "test" } });
    const both = { context: "training", tags: { "mlflow.data.context": "test", fold: "1" } };
    const third = await rivulet.runs.start();
    await third.logInput(iris, both);
    expect((await rivulet.runs.inputs({ runId: third.id })).items).toMatchObject([
      { context: "training", tags: { fold: "1" } },
    ]);
    await rivulet.runs.delete(third.id);
    expect(await rivulet.runs.inputs({ runId: run.id })).toEqual({
      items: [
        {
          runId: run.id,
          dataset: iris,
          context: "training",
          tags: { fold: "1" },
          loggedAt: START,
        },
      ],
    });
    const found = async (filter: string) =>
      (await rivulet.runs.search({ filter })).items.map(({ id }) => id);
    expect(await found("dataset.name = 'iris'")).toEqual([run.id]);
    expect(await found("datasets.name ILIKE '%I%' AND dataset.context != 'training'")).toEqual([
      other.id,
    ]);
    expect(await found(`dataset.digest IN ('${iris.digest}')`)).toEqual([other.id, run.id]);
    expect(await found("NOT dataset.context = 'test'")).toEqual([run.id]);
    const groups = await rivulet.runs.groups({ field: "dataset.name" });
    expect(groups.map(({ value, count }) => [value, count])).toEqual([
      ["iris", 1],
      ["wine", 1],
    ]);
    expect(await rivulet.experiments.datasets({ experimentIds: ["0"] })).toEqual([
      { experimentId: "0", name: "iris", digest: iris.digest, context: "training" },
      { experimentId: "0", name: "wine", digest: iris.digest, context: "test" },
    ]);
  });
});

test("a deleted run is given nothing, and a run that is not there has no inputs", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const iris = inputDataset.fromRows(ROWS, { name: "iris" });
  await rivulet.runs.delete(run.id);
  await expect(run.logInput(iris)).rejects.toMatchObject(refusal("conflict", /Restore/));
  await expect(rivulet.runs.inputs({ runId: "none" })).rejects.toMatchObject(
    refusal("not_found", /no run "none"/),
  );
});

test("what a dataset is called is bounded as in MLflow", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const iris = inputDataset.fromRows(ROWS, { name: "iris" });
  await expect(run.logInput({ ...iris, name: "x".repeat(501) })).rejects.toMatchObject(
    refusal("invalid_argument", /name: must have at most 500/),
  );
  await expect(run.logInput({ ...iris, digest: "x".repeat(37) })).rejects.toMatchObject(
    refusal("invalid_argument", /digest: must have at most 36/),
  );
});

test("rows have a schema with the types of their columns, and a profile", () => {
  const { digest, ...facts } = inputDataset.fromRows(
    [...ROWS, { length: 1, width: 2, kind: "setosa", when: new Date(0) }],
    { name: "iris" },
  );
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
  expect(facts).toEqual({
    name: "iris",
    sourceType: "code",
    source: "code",
    schema: {
      mlflow_colspec: [
        { name: "length", type: "double", required: true },
        { name: "width", type: "long", required: false },
        { name: "kind", type: "string", required: true },
        { name: "when", type: "datetime", required: false },
      ],
    },
    profile: { num_rows: 3, num_elements: 12 },
  });
});

test("the digest is that of the content: its order and its types count, the order of its fields does not", () => {
  const digestOf = (rows: readonly object[]) => inputDataset.fromRows(rows, { name: "x" }).digest;
  const [a, b] = [
    { x: 1, y: "2" },
    { x: 2, y: "3" },
  ];
  expect(digestOf([a, b])).toBe(digestOf([{ y: "2", x: 1 }, b]));
  const digests = [
    [a, b],
    [b, a],
    [a, { x: 2, y: 3 }],
    [a, { x: "2", y: "3" }],
    [a, { x: Number.NaN, y: "3" }],
    [a, { x: null, y: "3" }],
    [a, { y: "3" }],
    [a],
    // Where one text ends and the next begins counts, too.
    [{ x: ["ab", "c"] }],
    [{ x: ["a", "bc"] }],
    [{ x: ["a", "bst:c"] }],
    [{ x: ["ast:b", "c"] }],
  ].map(digestOf);
  expect(new Set(digests).size).toBe(digests.length);
});

test("typed arrays are columns", () => {
  const features = Float32Array.of(1, 2, 3, 4);
  const labels = Uint8Array.of(0, 1);
  const described = inputDataset.fromArrays({ features, labels }, { name: "xor" });
  expect(described).toMatchObject({
    schema: {
      mlflow_colspec: [
        { name: "features", type: "float", required: true },
        { name: "labels", type: "integer", required: true },
      ],
    },
    profile: { num_elements: 6, lengths: { features: 4, labels: 2 } },
  });
  const other = inputDataset.fromArrays(
    { features: Float64Array.of(1, 2, 3, 4), labels },
    { name: "xor" },
  );
  expect(other.digest).not.toBe(described.digest);
});

test.each([
  [Int8Array, "integer"],
  [Uint8ClampedArray, "integer"],
  [Uint16Array, "integer"],
  [Int32Array, "integer"],
  // Its numbers need more than the 32 bits with a sign that MLflow's integer has.
  [Uint32Array, "long"],
  [BigInt64Array, "long"],
  [BigUint64Array, "long"],
  [Float32Array, "float"],
  [Float64Array, "double"],
])("a column of %o is of MLflow's type %s", (Made, type) => {
  const { schema } = inputDataset.fromArrays({ x: new Made(1) }, { name: "x" });
  expect(schema).toEqual({ mlflow_colspec: [{ name: "x", type, required: true }] });
});

test("CSV has columns as its first line says", async () => {
  const csv = 'length,kind,wild\n5.1,"se,tosa",true\n7,virginica,\n';
  expect(await inputDataset.fromCsv(csv, { name: "iris" })).toMatchObject({
    schema: {
      mlflow_colspec: [
        { name: "length", type: "double", required: true },
        { name: "kind", type: "string", required: true },
        { name: "wild", type: "boolean", required: false },
      ],
    },
    profile: { num_rows: 2, num_elements: 6 },
  });
  await expect(inputDataset.fromCsv('a,b\n"1', { name: "x" })).rejects.toMatchObject(
    refusal("invalid_argument", /it is no CSV/),
  );
});

test("a file is known by its bytes", async () => {
  const path = join(await aFolder(), "iris.bin");
  await writeFile(path, Uint8Array.of(1, 2, 3));
  expect(await inputDataset.fromFile(path)).toEqual({
    name: "iris.bin",
    digest: "039058c6f2c0cb492c533b0a4d14ef77",
    sourceType: "local",
    source: path,
    profile: { bytes: 3 },
  });
  await expect(inputDataset.fromFile(`${path}.none`)).rejects.toMatchObject(
    refusal("invalid_argument", /cannot be described/),
  );
});

test("a version of a dataset of the store is pointed at", async () => {
  const { rivulet } = await aClient("memory");
  await rivulet.datasets.create({ name: "qa", records: [{ inputs: "1 + 1?" }] });
  const first = inputDataset.fromDataset(await rivulet.datasets.get("qa"));
  expect(first).toMatchObject({
    name: "qa",
    sourceType: "rivulet",
    source: "datasets:/qa/1",
    profile: { num_rows: 1, version: 1 },
  });
  await rivulet.datasets.addRecords("qa", [{ inputs: "2 + 2?" }]);
  const second = inputDataset.fromDataset(await rivulet.datasets.get("qa"));
  expect(second.digest).not.toBe(first.digest);
});

test("a note is the tag that MLflow has for it, of runs and of experiments", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start({ experiment: "iris" });
  await run.setNote("# Trees\n\nDeeper is *better*.");
  const tag = "mlflow.note.content";
  expect((await rivulet.runs.get(run.id)).tags).toEqual({
    [tag]: "# Trees\n\nDeeper is *better*.",
  });
  expect((await rivulet.runs.update(run.id, { note: "", tags: { a: "b" } })).tags).toEqual({
    a: "b",
  });
  const experiment = await rivulet.experiments.update(run.experimentId, { note: "All." });
  expect(experiment.tags).toEqual({ [tag]: "All." });
});
