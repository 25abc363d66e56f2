import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import type { Rivulet } from "@rivulet/core";
import { parquetMetadata, parquetReadObjects, parquetSchema, type SchemaElement } from "hyparquet";
import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, START, STORES } from "./client.ts";

const LINES = [
  "id,experimentId,name,status,statusMessage,startTime,endTime,parentRunId,userId,lifecycleStage," +
    '"params.a,""b""",params.lr,params.two,metrics.__proto__,metrics.loss,tags.note',
  `${runId(2)},1,'=cmd,running,,2023-11-14T22:13:21.000Z,,${runId(1)},,active,,-0.5,,7,NaN,'@sum`,
  `${runId(1)},1,one,finished,,2023-11-14T22:13:20.000Z,2023-11-14T22:13:21.000Z,,ann,active,x,0.1,"y\nz",,-Infinity,`,
  "",
];

/** Two runs whose names, keys and values are hard to write into a file. */
async function twoRuns(rivulet: Rivulet, advance: (milliseconds: number) => void): Promise<void> {
  const params = { lr: 0.1, 'a,"b"': "x", two: "y\nz" };
  const one = await rivulet.runs.start({ experiment: "e", name: "one", params, userId: "ann" });
  one.logMetric("loss", Number.NEGATIVE_INFINITY);
  advance(1000);
  await one.finish();
  const tags = { note: "@sum" };
  const { id } = await rivulet.runs.create({
    name: "=cmd",
    parentRunId: one.id,
    params: { lr: "-0.5" },
    tags,
  });
  await rivulet.runs.logBatch({
    runId: id,
    metrics: [
      { key: "__proto__", value: 7, step: 3 },
      { key: "loss", value: Number.NaN, step: 2 },
    ],
  });
}

/** A file in the memory of the test. */
async function fileOf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly byteLength: number; slice(from: number, to?: number): ArrayBuffer }> {
  const { buffer: whole, byteOffset, byteLength } = await buffer(Readable.from(bytes));
  return {
    byteLength,
    slice: (from, to = byteLength) =>
      whole.slice(byteOffset + from, byteOffset + to) as ArrayBuffer,
  };
}

describe.each(STORES)("runs on %s are exported", (kind) => {
  test("as CSV that a spreadsheet reads and does not run", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    const file = await text(await rivulet.runs.export({ format: "csv" }));
    expect(file.split("\r\n")).toEqual(LINES);
  });

  test("by their ids, in their order, however many they are", async () => {
    const { rivulet } = await aClient(kind);
    const ids: string[] = [];
    for (let number = 0; number < 120; number += 1) {
      const run = await rivulet.runs.start({ name: `n${number}` });
      ids.push(run.id);
      run.logMetric("loss", number);
      await run.finish();
    }
    const runIds = [...ids.toReversed(), "f".repeat(32)];
    const columns = ["name"];
    const file = await text(await rivulet.runs.export({ format: "csv", runIds, columns }));
    const names = ids.map((_, number) => `n${119 - number}`);
    expect(file.trimEnd().split("\r\n")).toEqual(["name", ...names]);
    const points = await text(
      await rivulet.runs.exportMetrics({ format: "jsonl", runIds: ids.slice(3, 5) }),
    );
    expect(
      points
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).value),
    ).toEqual([3, 4]);
    await expect(
      rivulet.runs.export({ format: "csv", runIds, filter: "name = 'n1'" }),
    ).rejects.toThrow("query.filter: cannot be given with runIds.");
  });

  test("with the columns that are named, in the order asked for, as many as asked for", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    const query = { columns: ["name", "metrics.loss", "params.none"], orderBy: ["name DESC"] };
    const csv = await rivulet.runs.export({ ...query, format: "csv" });
    expect(await text(csv)).toBe(
      "name,metrics.loss,params.none\r\none,-Infinity,\r\n'=cmd,NaN,\r\n",
    );
    const lines = await rivulet.runs.export({ ...query, format: "jsonl", limit: 1 });
    expect(await text(lines)).toBe('{"name":"one","metrics.loss":"-Infinity"}\n');
  });

  test("by the words that a person has typed", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    const query = { text: "ONE", columns: ["name"] };
    const file = await text(await rivulet.runs.export({ ...query, format: "csv" }));
    expect(file).toBe("name\r\none\r\n");
  });

  test("as JSON, with what the HTTP API would answer", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    const filter = "metrics.loss < 0";
    const [run] = JSON.parse(await text(await rivulet.runs.export({ format: "json", filter })));
    expect(run).toEqual({ ...(await rivulet.runs.get(runId(1))), metrics: { loss: "-Infinity" } });
    const none = await rivulet.runs.export({ format: "json", filter: "name = 'nobody'" });
    expect(await text(none)).toBe("[]\n");
  });

  test("as Parquet, in which numbers are numbers and times are times", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    const columns = ["name", "startTime", "endTime", "params.lr", "metrics.loss", "metrics.acc"];
    const file = await fileOf(await rivulet.runs.export({ format: "parquet", columns }));
    expect(await parquetReadObjects({ file })).toEqual([
      {
        name: "=cmd",
        startTime: new Date(START + 1000),
        endTime: null,
        "params.lr": "-0.5",
        "metrics.loss": Number.NaN,
        "metrics.acc": null,
      },
      {
        name: "one",
        startTime: new Date(START),
        endTime: new Date(START + 1000),
        "params.lr": "0.1",
        "metrics.loss": Number.NEGATIVE_INFINITY,
        "metrics.acc": null,
      },
    ]);
    const { children } = parquetSchema(parquetMetadata(file.slice(0)));
    const kindOf = ({ type, converted_type }: SchemaElement) => converted_type ?? type;
    expect(children.map(({ element }) => kindOf(element))).toEqual([
      "UTF8",
      "TIMESTAMP_MICROS",
      "TIMESTAMP_MICROS",
      "UTF8",
      "DOUBLE",
      "DOUBLE",
    ]);
  });

  test("with all points of their metrics", async () => {
    const { rivulet, clock } = await aClient(kind);
    await twoRuns(rivulet, clock.advance);
    await rivulet.runs.logBatch({
      runId: runId(2),
      metrics: [{ key: "loss", value: 0.5, step: 1, timestamp: START + 5 }],
    });
    const csv = await rivulet.runs.exportMetrics({ format: "csv", keys: ["loss"] });
    expect((await text(csv)).split("\r\n")).toEqual([
      "runId,key,step,timestamp,value",
      `${runId(2)},loss,1,2023-11-14T22:13:20.005Z,0.5`,
      `${runId(2)},loss,2,2023-11-14T22:13:21.000Z,NaN`,
      `${runId(1)},loss,0,2023-11-14T22:13:20.000Z,-Infinity`,
      "",
    ]);
    const file = await fileOf(await rivulet.runs.exportMetrics({ format: "parquet" }));
    expect(
      (await parquetReadObjects({ file })).map(({ key, step, value }) => [key, step, value]),
    ).toEqual([
      ["__proto__", 3n, 7],
      ["loss", 1n, 0.5],
      ["loss", 2n, Number.NaN],
      ["loss", 0n, Number.NEGATIVE_INFINITY],
    ]);
  });
});

describe("an export", () => {
  test("of several pages has every run once, in Parquet as in CSV", async () => {
    const { rivulet } = await aClient("memory");
    const names = Array.from({ length: 250 }, (_, n) => `run ${String(n).padStart(3, "0")}`);
    for (const name of names) await rivulet.runs.create({ name });
    const query = { columns: ["name"], orderBy: ["name ASC"] };
    const csv = await text(await rivulet.runs.export({ ...query, format: "csv" }));
    expect(csv.split("\r\n").slice(1, -1)).toEqual(names);
    const file = await fileOf(await rivulet.runs.export({ ...query, format: "parquet" }));
    expect((await parquetReadObjects({ file })).map(({ name }) => name)).toEqual(names);
    const list = JSON.parse(await text(await rivulet.runs.export({ ...query, format: "json" })));
    expect(list).toEqual(names.map((name) => ({ name })));
    const some = await text(await rivulet.runs.export({ ...query, format: "jsonl", limit: 120 }));
    expect(some.trim().split("\n")).toHaveLength(120);
  });

  test("of more rows than Parquet has in one group has each once, in their order", async () => {
    const { rivulet } = await aClient("memory");
    const run = await rivulet.runs.start();
    const steps = Array.from({ length: 20_001 }, (_, step) => step);
    for (const step of steps) run.logMetric("loss", step / 2, { step });
    await rivulet.flush();
    const file = await fileOf(await rivulet.runs.exportMetrics({ format: "parquet" }));
    expect(
      parquetMetadata(file.slice(0)).row_groups.map(({ num_rows }) => Number(num_rows)),
    ).toEqual([20_000, 1]);
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ value }) => value)).toEqual(steps.map((step) => step / 2));
  });

  test.each([
    ["=1+1", "'=1+1"],
    ["+cmd", "'+cmd"],
    ["-cmd", "'-cmd"],
    ["@sum", "'@sum"],
    ["\tcmd", "'\tcmd"],
    ["\rcmd", '"\'\rcmd"'],
    ["-1.5", "-1.5"],
    ["a=1", "a=1"],
  ])("as CSV has the text %j as %j, which no spreadsheet runs", async (value, cell) => {
    const { rivulet } = await aClient("memory");
    await rivulet.runs.create({ params: { value } });
    const csv = await rivulet.runs.export({ format: "csv", columns: ["params.value"] });
    expect(await text(csv)).toBe(`params.value\r\n${cell}\r\n`);
  });

  test("refuses what it cannot do before the first byte", async () => {
    const { rivulet } = await aClient("memory");
    const refused = (query: object) => rivulet.runs.export({ format: "csv", ...query });
    await expect(refused({ filter: "lr >" })).rejects.toMatchObject(
      refusal("invalid_argument", /filter/i),
    );
    await expect(refused({ columns: ["lr"] })).rejects.toMatchObject(
      refusal("invalid_argument", /query\.columns: runs have no "lr"\. Columns are id, /),
    );
    await expect(refused({ columns: [] })).rejects.toMatchObject(
      refusal("invalid_argument", /must name a column/),
    );
    await expect(refused({ format: "xlsx" })).rejects.toMatchObject(
      refusal("invalid_argument", /must be csv, json, jsonl or parquet/),
    );
    await expect(refused({ limits: 1 })).rejects.toMatchObject(
      refusal("invalid_argument", /limit/),
    );
  });
});
