import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { aClient, refusal, STORES, sharedClient } from "./client.ts";

class Schedule {
  readonly decay = 0.9;
}

describe("params are stored as text", () => {
  const client = sharedClient();

  test.each<readonly [string, unknown, string]>([
    ["text", "adam", "adam"],
    ["an empty text", "", ""],
    ["a number", 0.001, "0.001"],
    ["a large number", 1e21, "1e+21"],
    ["NaN", Number.NaN, "NaN"],
    ["infinity", Number.POSITIVE_INFINITY, "Infinity"],
    ["minus infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["a bigint", 12345678901234567890n, "12345678901234567890"],
    ["true", true, "true"],
    ["null", null, "null"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a URL", new URL("https://example.com/a"), "https://example.com/a"],
    ["a list", [64, "relu", null, [true]], '[64,"relu",null,[true]]'],
    [
      "an object",
      { optimizer: { name: "adam", lr: 1e-3 } },
      '{"optimizer":{"name":"adam","lr":0.001}}',
    ],
    [
      "what JSON has no form for, in a list",
      [Number.NaN, 1n, new Date(0)],
      '["NaN","1","1970-01-01T00:00:00.000Z"]',
    ],
    ["an object of another realm", runInNewContext("({ a: 1 })"), '{"a":1}'],
  ])("%s", async (_, value, text) => {
    const run = await client().runs.start({ params: { x: value } });
    await run.logParams({ y: value as object });
    expect((await run.finish()).params).toEqual({ x: text, y: text });
  });

  test.each<readonly [string, unknown, RegExp]>([
    ["a function", () => 1, /^run\.params\.x: is a function, which no param can be$/],
    ["a symbol", Symbol("s"), /^run\.params\.x: is a symbol, which no param can be$/],
    [
      "a forgotten promise",
      Promise.resolve(1),
      /^run\.params\.x: is a Promise, which JSON cannot hold$/,
    ],
    ["a Map", new Map(), /^run\.params\.x: is a Map, which JSON cannot hold$/],
    ["bytes", new Float32Array(2), /^run\.params\.x: is a Float32Array: JSON cannot hold bytes$/],
    [
      "an instance of a class",
      new Schedule(),
      /^run\.params\.x: is a Schedule, which JSON cannot hold$/,
    ],
    [
      "a function inside",
      { layers: [{ activation: Math.tanh }] },
      /^run\.params\.x\.layers\.0\.activation: is a function/,
    ],
    [
      "a text that is too long",
      "x".repeat(6_001),
      /^run\.params\.x: must have at most 6000 characters$/,
    ],
    [
      "a list that is too long",
      Array.from({ length: 3_001 }, () => 1),
      /^run\.params\.x: must have at most 6000 characters$/,
    ],
  ])("but not %s", async (_, value, message) => {
    await expect(client().runs.start({ params: { x: value } })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  test("those of an interface, too; what is undefined is absent", async () => {
    interface Hyper {
      readonly lr: number;
      readonly momentum?: number | undefined;
      readonly layers: readonly { readonly units: number }[];
    }
    const hyper: Hyper = { lr: 0.1, momentum: undefined, layers: [{ units: 8 }] };
    const run = await client().runs.start({ params: hyper });
    await run.logParams(hyper);
    expect((await run.finish()).params).toEqual({ lr: "0.1", layers: '[{"units":8}]' });
  });

  test("numbers and booleans are tags, too", async () => {
    interface Labels {
      readonly fold: number;
      readonly best: boolean;
    }
    const rivulet = client();
    const labels: Labels = { fold: 3, best: true };
    const run = await rivulet.runs.start({ tags: { seed: 7 } });
    await run.setTags(labels);
    expect((await run.finish()).tags).toEqual({ seed: "7", fold: "3", best: "true" });
    const { id, tags } = await rivulet.experiments.create({ name: "tagged", tags: { year: 2026 } });
    expect(tags).toEqual({ year: "2026" });
    expect((await rivulet.experiments.update(id, { tags: { done: false } })).tags).toEqual({
      year: "2026",
      done: "false",
    });
  });
});

describe.each(STORES)("names that objects have already, on %s", (kind) => {
  const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
  const texts = Object.fromEntries(names.map((name) => [name, "1"]));
  const numbers = Object.fromEntries(names.map((name) => [name, 1]));
  const lower = Object.fromEntries(names.map((name) => [name, { better: "lower" as const }]));

  test("are names like any other", async () => {
    const { rivulet } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "odd", tags: texts, metrics: lower });
    const run = await rivulet.runs.start({ experimentId: id, params: texts, tags: texts });
    run.logMetrics(numbers);
    const finished = await run.finish();
    for (const values of [finished.params, finished.tags]) {
      expect(Object.entries(values).sort()).toEqual(Object.entries(texts));
    }
    expect(Object.entries(finished.metrics).sort()).toEqual(Object.entries(numbers));
    const compared = await rivulet.runs.compare({ runIds: [run.id] });
    expect(compared.params.map(({ key }) => key)).toEqual(names);
    expect(compared.metrics.map(({ key, better }) => [key, better])).toEqual(
      names.map((name) => [name, "lower"]),
    );
    expect(await rivulet.runs.keys()).toEqual({ params: names, tags: names, metrics: names });
    for (const name of names) {
      const groups = await rivulet.runs.groups({ field: `params.${name}`, metrics: [name] });
      expect(groups.map(({ value, metrics }) => [value, Object.keys(metrics)])).toEqual([
        ["1", [name]],
      ]);
      const filter = `params.${name} = '1' AND tags.${name} = '1' AND metrics.${name} = 1`;
      expect((await rivulet.runs.search({ filter })).items.map((found) => found.id)).toEqual([
        run.id,
      ]);
    }
    expect(Object.keys((await rivulet.experiments.get(id)).metrics).sort()).toEqual(names);
  });
});
