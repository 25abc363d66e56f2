import { openStore, type Store } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { aClient, aStoreOf, refusal, STORES, sharedClient } from "./client.ts";

const client = sharedClient();
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13);

async function textOf(runId: string, path: string): Promise<string> {
  const { content } = await client().artifacts.get({ runId, path });
  return Buffer.from(content).toString();
}

async function typeOf(runId: string, path: string): Promise<string> {
  return (await client().artifacts.get({ runId, path })).contentType;
}

test("text and values are kept by the ending of their path", async () => {
  const run = await client().runs.start();
  const value = { lr: 0.1, layers: [{ units: 3 }], name: "yes", none: null };
  await run.logText("notes.md", "# Notes");
  await run.logDict("config.json", value);
  await run.logDict("config.yaml", value);
  await run.logDict("config", value);
  expect(await textOf(run.id, "notes.md")).toBe("# Notes");
  expect(JSON.parse(await textOf(run.id, "config.json"))).toEqual(value);
  expect(JSON.parse(await textOf(run.id, "config"))).toEqual(value);
  expect(parse(await textOf(run.id, "config.yaml"))).toEqual(value);
  expect(await typeOf(run.id, "config.yaml")).toBe("application/yaml");
  expect(await typeOf(run.id, "config")).toBe("application/json");
  await expect(run.logDict("bad.yaml", { at: new Date(0) })).rejects.toMatchObject(
    refusal("invalid_argument", /content\.at is a Date/),
  );
});

describe.each(STORES)("a table on %s", (kind) => {
  test("is told by a tag, also when another process tells of its own at the same time", async () => {
    const store = await aStoreOf(kind);
    const tag = "mlflow.loggedArtifacts";
    const [other, own] = ["other.json", "own.json"].map((path) => ({ path, type: "table" }));
    const others = [JSON.stringify([other])];
    const logBatch: Store["runs"]["logBatch"] = async (batch) => {
      const text = others.pop();
      if (text !== undefined) {
        await store.runs.logBatch({ runId: batch.runId, tags: { [tag]: text } });
      }
      return store.runs.logBatch(batch);
    };
    const between = { ...store, runs: { ...store.runs, logBatch } };
    const { rivulet } = await aClient(kind, { store: between });
    const run = await rivulet.runs.start();
    await run.logTable("own.json", [{ a: 1 }]);
    const { tags } = await rivulet.runs.get(run.id);
    expect(JSON.parse(tags[tag] ?? "")).toEqual([other, own]);
  });

  test("is appended to by many at once, and loses nothing", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const rows = Array.from({ length: 10 }, (_, n) => ({ n, text: `row ${n}` }));
    await Promise.all(rows.map((row) => run.logTable("eval/rows.json", [row])));
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "eval/rows.json" });
    const table = JSON.parse(Buffer.from(content).toString());
    expect(table.columns).toEqual(["n", "text"]);
    expect(table.data.map(([n]: [number]) => n).sort((a: number, b: number) => a - b)).toEqual(
      rows.map(({ n }) => n),
    );
    const { tags } = await rivulet.runs.get(run.id);
    expect(JSON.parse(tags["mlflow.loggedArtifacts"] ?? "")).toEqual([
      { path: "eval/rows.json", type: "table" },
    ]);
  });
});

test("a table that another process appends to meanwhile is read and appended to again", async () => {
  const store = await openStore("memory:");
  let others = 0;
  const { rivulet } = await aClient("memory", {
    store: {
      ...store,
      artifacts: {
        ...store.artifacts,
        async put(artifact) {
          if (artifact.replaces !== undefined && others < 2) {
            others += 1;
            const data = Array.from({ length: others }, (_, n) => [`other ${n}`]);
            await rivulet.artifacts.put({
              runId: artifact.runId,
              path: "t.json",
              content: { columns: ["who"], data },
            });
          }
          return store.artifacts.put(artifact);
        },
      },
    },
  });
  const run = await rivulet.runs.start();
  await run.logTable("t.json", [{ who: "me" }]);
  const { content } = await rivulet.artifacts.get({ runId: run.id, path: "t.json" });
  expect(JSON.parse(Buffer.from(content).toString())).toEqual({
    columns: ["who"],
    data: [["other 0"], ["other 1"], ["me"]],
  });
});

test("a table has NaN and the infinities by their names, also in rows that are appended", async () => {
  const run = await client().runs.start();
  await run.logTable("t.json", { mean: [1, Number.NaN], max: [Number.POSITIVE_INFINITY, null] });
  await run.logTable("t.json", [{ mean: Number.NEGATIVE_INFINITY, max: [Number.NaN, -0] }]);
  expect(JSON.parse(await textOf(run.id, "t.json"))).toEqual({
    columns: ["mean", "max"],
    data: [
      [1, "Infinity"],
      ["NaN", null],
      ["-Infinity", ["NaN", -0]],
    ],
  });
});

test("a table's columns are those that it has, in any order", async () => {
  const run = await client().runs.start();
  await run.logTable("t.json", [{ a: 1, b: "x" }]);
  await run.logTable("t.json", { b: ["y"], a: [2] });
  expect(JSON.parse(await textOf(run.id, "t.json"))).toEqual({
    columns: ["a", "b"],
    data: [
      [1, "x"],
      [2, "y"],
    ],
  });
  for (const [data, problem] of [
    [[{ a: 1 }], /its columns are a, b, but those of the new rows are a\.$/],
    [[{ a: 1, b: 2 }, { a: 1 }], /row 1 lacks the column b/],
    [[{ a: 1 }, { a: 1, c: 2 }], /row 1 has the column c, row 0 has not/],
    [{ a: [1, 2], b: [1] }, /the column b has 1 values, a has 2/],
    [{ a: 1 }, /the column a is no list of values/],
    [[1], /row 0 is no object of values by column/],
    ["a,b", /made of neither rows nor columns/],
  ] as const) {
    await expect(run.logTable("t.json", data as never)).rejects.toMatchObject(
      refusal("invalid_argument", problem),
    );
  }
  await run.logText("v.json", "no table");
  await expect(run.logTable("v.json", [{ a: 1 }])).rejects.toMatchObject(
    refusal("invalid_argument", /what is stored there is no table/),
  );
});

test("figures are kept as what they are", async () => {
  const run = await client().runs.start();
  await run.logFigure("f/curve.svg", '<?xml version="1.0"?><svg xmlns="x"/>');
  await run.logFigure("f/roc.png", PNG);
  await run.logFigure("f/bars.json", {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    mark: "bar",
  });
  await run.logFigure("f/plotly.json", { data: [{ x: [1] }], layout: {} });
  const types = (await client().artifacts.list({ runId: run.id })).map((one) => one.contentType);
  expect(types).toEqual([
    "application/vnd.vegalite.v6+json",
    "image/svg+xml",
    "application/vnd.plotly.v1+json",
    "image/png",
  ]);
  for (const figure of ["text", Uint8Array.of(1, 2), { a: 1 }, 5, null]) {
    await expect(run.logFigure("f/none", figure as never)).rejects.toMatchObject({
      code: "invalid_argument",
    });
  }
});

test("images of a series are named as MLflow names them, and told by a tag", async () => {
  const run = await client().runs.start();
  await run.logImage(PNG, { key: "samples/faces", step: 3, timestamp: 1_700_000_000_000 });
  await run.logImage(new Blob([PNG]), { key: "samples/faces", step: 4, timestamp: 1 });
  const paths = (await client().artifacts.list({ runId: run.id })).map(({ path }) => path);
  expect(paths).toEqual([
    expect.stringMatching(
      /^images\/samples#faces%step%3%timestamp%1700000000000%g[\da-f-]{35}\.png$/,
    ),
    expect.stringMatching(/^images\/samples#faces%step%4%timestamp%1%g[\da-f-]{35}\.png$/),
  ]);
  expect(await typeOf(run.id, paths[0] ?? "")).toBe("image/png");
  expect((await client().runs.get(run.id)).tags).toMatchObject({ "mlflow.loggedImages": "True" });
  for (const [image, options] of [
    [Uint8Array.of(1, 2, 3), { key: "a" }],
    [PNG, { key: "" }],
    [PNG, { key: "a%2e" }],
    [PNG, { key: "../a:b" }],
    [PNG, { key: "a", step: 0.5 }],
    ["text", { key: "a" }],
  ] as const) {
    await expect(run.logImage(image as never, options)).rejects.toMatchObject({
      code: "invalid_argument",
    });
  }
});

test("what has no rows that JSON can hold is no empty table, but refused", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  class Row {
    readonly loss = 1;
  }
  const given: readonly (readonly [unknown, RegExp])[] = [
    [Promise.resolve([{ a: 1 }]), /content is a Promise: await it first/],
    [new Map([["a", [1]]]), /content is a Map/],
    [new Set([{ a: 1 }]), /content is a Set/],
    [new Blob(["a"]), /content is a Blob/],
    [new ReadableStream(), /content is a ReadableStream/],
    [new Date(0), /content is a Date/],
    [[new Row()], /content\[0\] is a Row/],
    [[Float32Array.of(1, 2)], /content\[0\] is a Float32Array/],
    [[{ a: 1 }, { a: undefined }], /content\[1\]\.a is undefined/],
  ];
  for (const [data, message] of given) {
    await expect(run.logTable("t.json", data as never)).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  }
  expect(await rivulet.artifacts.list({ runId: run.id })).toEqual([]);
});

test("tables and charts are kept as they are when they are given", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const [row, chart] = [{ a: 1 }, { mark: "bar" }];
  const logged = [
    run.logTable("first.json", [{ a: 0 }]),
    run.logTable("t.json", [row]),
    run.logFigure("f.json", chart),
  ];
  row.a = 2;
  chart.mark = "line";
  await Promise.all(logged);
  const read = async (path: string): Promise<unknown> => {
    const { content } = await rivulet.artifacts.get({ runId: run.id, path });
    return JSON.parse(Buffer.from(content).toString());
  };
  expect(await read("t.json")).toEqual({ columns: ["a"], data: [[1]] });
  expect(await read("f.json")).toEqual({ mark: "bar" });
});
