import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { aClient, refusal, START, STORES, sharedClient } from "./client.ts";

describe.each(STORES)("datasets on %s", (kind) => {
  test("grow by versions that stay as they were", async () => {
    const { rivulet, clock } = await aClient(kind);
    const created = await rivulet.datasets.create({
      name: "qa",
      description: "questions",
      records: [{ inputs: { q: "1+1" }, expectations: { answer: "2" } }],
    });
    expect(created).toEqual({
      name: "qa",
      description: "questions",
      createdAt: START,
      updatedAt: START,
      tags: {},
      version: 1,
      recordCount: 1,
    });
    clock.advance(1000);
    const grown = await rivulet.datasets.addRecords("qa", [{ inputs: { q: "2+2" } }]);
    expect(grown).toMatchObject({ version: 2, recordCount: 2, updatedAt: START + 1000 });
    const questions = async (version?: number) =>
      (
        await rivulet.datasets.listRecords({
          name: "qa",
          ...(version === undefined ? {} : { version }),
        })
      ).items.map(({ inputs }) => inputs);
    expect(await questions()).toEqual([{ q: "1+1" }, { q: "2+2" }]);
    expect(await questions(1)).toEqual([{ q: "1+1" }]);
  });

  test("know an example by its inputs, whatever the order of the keys", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({
      name: "qa",
      records: [
        { inputs: { a: 1, b: [2] }, expectations: { x: 1 }, metadata: { from: "first" } },
        { inputs: { b: [2], a: 1 }, expectations: { y: 2 } },
      ],
    });
    const again = await rivulet.datasets.addRecords("qa", [
      { inputs: { a: 1, b: [2] }, expectations: { x: 3 }, metadata: { more: true } },
    ]);
    expect(again).toMatchObject({ version: 2, recordCount: 1 });
    const { items } = await rivulet.datasets.listRecords({ name: "qa" });
    expect(items).toEqual([
      {
        // The first half of the SHA-256 of {"a":1,"b":[2]}.
        id: "0855bfc20eb6cfaa4be7d6b510c63dd2",
        inputs: { a: 1, b: [2] },
        expectations: { x: 3, y: 2 },
        metadata: { from: "first", more: true },
        createdAt: START,
      },
    ]);
  });

  test("take the later word of examples that are equal in one call", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({
      name: "qa",
      records: [
        {
          inputs: "1+1",
          expectations: "two",
          metadata: { by: "ann", only: "first" },
          sourceTraceId: "trace-1",
        },
        { inputs: "2+2" },
        {
          inputs: "1+1",
          expectations: "2",
          metadata: { by: "bob" },
          sourceTraceId: "trace-2",
        },
        { inputs: "1+1" },
      ],
    });
    const { items } = await rivulet.datasets.listRecords({ name: "qa" });
    expect(items.find(({ inputs }) => inputs === "1+1")).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      inputs: "1+1",
      expectations: "2",
      metadata: { by: "bob", only: "first" },
      sourceTraceId: "trace-2",
      createdAt: START,
    });
    expect(items).toHaveLength(2);
  });

  test.each(["one call", "two calls"])(
    "join what examples that are equal expect, the later word on each, in %s",
    async (calls) => {
      const { rivulet } = await aClient(kind);
      const first = { inputs: "1+1", expectations: { answer: "two", unit: "none" } };
      const second = { inputs: "1+1", expectations: { answer: "2", steps: 1 } };
      await rivulet.datasets.create({ name: "qa" });
      const batches = calls === "one call" ? [[first, second]] : [[first], [second]];
      for (const batch of batches) await rivulet.datasets.addRecords("qa", batch);
      const { items } = await rivulet.datasets.listRecords({ name: "qa" });
      expect(items.map(({ expectations }) => expectations)).toEqual([
        { answer: "2", unit: "none", steps: 1 },
      ]);
    },
  );

  test("make no version when nothing changes", async () => {
    const { rivulet } = await aClient(kind);
    const records = [{ inputs: "same", expectations: "x" }];
    await rivulet.datasets.create({ name: "qa", records });
    expect((await rivulet.datasets.addRecords("qa", records)).version).toBe(1);
    expect((await rivulet.datasets.addRecords("qa", [])).version).toBe(1);
    expect((await rivulet.datasets.deleteRecords("qa", ["0".repeat(32)])).version).toBe(1);
  });

  test("lose records in a version of its own", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({ name: "qa", records: [{ inputs: 1 }, { inputs: 2 }] });
    const { items } = await rivulet.datasets.listRecords({ name: "qa" });
    const first = items.find(({ inputs }) => inputs === 1);
    expect(await rivulet.datasets.deleteRecords("qa", [first?.id ?? ""])).toMatchObject({
      version: 2,
      recordCount: 1,
    });
    const old = await rivulet.datasets.listRecords({ name: "qa", version: 1 });
    expect(old.items).toHaveLength(2);
  });

  test("take examples from traces, with what people expected of them", async () => {
    const { rivulet } = await aClient(kind);
    const ask = rivulet.traced((question: string) => question.toUpperCase(), { name: "ask" });
    ask("why");
    ask("how");
    await rivulet.flush();
    const traces = (await rivulet.traces.search({ orderBy: ["id"] })).items;
    const [why, how] = traces.map(({ id }) => id);
    await rivulet.traces.logExpectation({ traceId: why ?? "", value: "because" });
    await rivulet.datasets.create({ name: "qa" });
    const traceIds = [why ?? "", how ?? ""];
    await rivulet.datasets.addTraces("qa", { traceIds, outputsAsExpectations: true });
    const { items } = await rivulet.datasets.listRecords({ name: "qa" });
    const byInput = new Map(items.map((item) => [item.inputs, item]));
    expect(byInput.get("why")).toMatchObject({
      expectations: { expected: "because" },
      sourceTraceId: why,
    });
    expect(byInput.get("how")).toMatchObject({ expectations: "HOW", sourceTraceId: how });
  });

  test("take an example from a trace that another program began", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({ name: "ours" });
    const parent = { traceId: "a".repeat(32), id: "b".repeat(16) };
    const request = rivulet.startSpan("request", { parent, input: "1 + 1?" });
    rivulet.startSpan("step", { parent: request, input: "no example" }).end();
    request.end({ output: "2" });
    await rivulet.datasets.addTraces("ours", {
      traceIds: [parent.traceId],
      outputsAsExpectations: true,
    });
    const { items } = await rivulet.datasets.listRecords({ name: "ours" });
    expect(items).toMatchObject([
      { inputs: "1 + 1?", expectations: "2", sourceTraceId: parent.traceId },
    ]);
  });

  test("refuse traces that are not there or have no input", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({ name: "qa" });
    await expect(
      rivulet.datasets.addTraces("qa", { traceIds: ["f".repeat(32)] }),
    ).rejects.toMatchObject(refusal("not_found", /There is no trace/));
    rivulet.startSpan("silent").end();
    await rivulet.flush();
    const [trace] = (await rivulet.traces.search()).items;
    await expect(
      rivulet.datasets.addTraces("qa", { traceIds: [trace?.id ?? ""] }),
    ).rejects.toMatchObject(refusal("invalid_argument", /has no input/));
  });

  test("are found, changed and removed", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({ name: "qa", tags: { a: "1" } });
    await expect(rivulet.datasets.create({ name: "qa" })).rejects.toMatchObject({
      code: "already_exists",
    });
    expect(await rivulet.datasets.update("qa", { description: "new" })).toMatchObject({
      description: "new",
    });
    const found = await rivulet.datasets.search({ filter: "tags.a = '1'" });
    expect(found.items.map(({ name }) => name)).toEqual(["qa"]);
    await rivulet.datasets.delete("qa");
    expect(await rivulet.datasets.find("qa")).toBeUndefined();
    await expect(rivulet.datasets.addRecords("qa", [{ inputs: 1 }])).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("refuse input that is nested without end", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.datasets.create({ name: "qa" });
    let inputs: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) inputs = [inputs];
    await expect(
      rivulet.datasets.addRecords("qa", [{ inputs: inputs as string }]),
    ).rejects.toMatchObject(refusal("invalid_argument", /nested too deeply/));
  });
});

describe("datasets with bad input", () => {
  const client = sharedClient();

  test("take plain objects of another realm, and leave out what cannot be enumerated", async () => {
    const inputs = runInNewContext("({ seen: 1 })") as object;
    Object.defineProperty(inputs, "hidden", { value: () => 1, enumerable: false });
    await client().datasets.create({ name: "plain", records: [{ inputs: inputs as never }] });
    const { items } = await client().datasets.listRecords({ name: "plain" });
    expect(items.map((record) => record.inputs)).toEqual([{ seen: 1 }]);
  });

  test.each([
    ["a function as input", [{ inputs: () => 1 }], /records\.0\.inputs/],
    ["NaN", [{ inputs: { x: Number.NaN } }], /records\.0\.inputs\.x: is NaN/],
    ["bytes", [{ inputs: { image: Buffer.from("x") } }], /records\.0\.inputs\.image: is a Buffer/],
    ["a map", [{ inputs: 1, expectations: [new Map()] }], /records\.0\.expectations\.0: is a Map/],
    ["a list with holes", [{ inputs: new Array(2) }], /records\.0\.inputs: has holes/],
    [
      "a list with a property",
      [{ inputs: Object.assign([1], { extra: 2 }) }],
      /records\.0\.inputs: has holes, or properties besides its items/,
    ],
    [
      "a record of more than a megabyte",
      [{ inputs: "x".repeat(1_000_001) }],
      /at most 1000000 bytes/,
    ],
    [
      "10001 records",
      Array.from({ length: 10_001 }, (_, i) => ({ inputs: i })),
      /at most 10000 records/,
    ],
    ["something that is no list", { inputs: 1 }, /records/],
  ])("refuse %s, all or nothing", async (name, records, message) => {
    const rivulet = client();
    await rivulet.datasets.create({ name });
    await expect(
      rivulet.datasets.addRecords(name, records as { inputs: string }[]),
    ).rejects.toMatchObject(refusal("invalid_argument", message));
    expect((await rivulet.datasets.get(name)).recordCount).toBe(0);
  });
});
