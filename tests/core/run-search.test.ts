import { describe, expect, test } from "vitest";
import { aClient, refusal, STORES } from "./client.ts";

describe.each(STORES)("runs are found on %s", (kind) => {
  test("by least, greatest, first and best value of a metric, and in their order", async () => {
    const { rivulet } = await aClient(kind);
    const curves = { a: [5, 1, 3], b: [4, 2, Number.NaN], c: [Number.NaN], d: [] };
    for (const [name, values] of Object.entries(curves)) {
      await rivulet.runs.with({ experiment: "iris", name }, (run) => {
        for (const loss of values) run.logMetric("loss", loss);
      });
    }
    const experiment = await rivulet.experiments.find("iris");
    const experimentIds = [experiment?.id ?? ""];
    const found = async (filter: string, ids = experimentIds) =>
      (await rivulet.runs.search({ filter, experimentIds: ids, orderBy: ["name"] })).items.map(
        ({ name }) => name,
      );
    expect(await found("min.loss < 2")).toEqual(["a"]);
    expect(await found("max.loss <= 5")).toEqual(["a", "b"]);
    expect(await found("first.loss = 4", [])).toEqual(["b"]);
    expect(await found("first.loss = NaN")).toEqual(["c"]);
    const ordered = async (orderBy: string, ids = experimentIds) =>
      (await rivulet.runs.search({ experimentIds: ids, orderBy: [orderBy, "name"] })).items.map(
        ({ name }) => name,
      );
    expect(await ordered("min.loss DESC")).toEqual(["b", "a", "c", "d"]);
    expect((await ordered("max.loss", [])).slice(0, 2)).toEqual(["b", "a"]);
    await expect(found("best.loss < 2")).rejects.toMatchObject(
      refusal("invalid_argument", /^best\.loss: no experiment of this search declares which way/),
    );
    await rivulet.experiments.update(experimentIds[0] ?? "", {
      metrics: { loss: { better: "lower" } },
    });
    expect(await found("best.loss < 2")).toEqual(["a"]);
    expect(await found("NOT (best.loss < 2)", [])).toEqual(["b", "c", "d"]);
    expect(await ordered("best.loss")).toEqual(["a", "b", "c", "d"]);
    const walked: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await rivulet.runs.search({
        experimentIds,
        orderBy: ["best.loss"],
        limit: 1,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      walked.push(...page.items.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(walked.slice(0, 2)).toEqual(["a", "b"]);
    expect(walked.toSorted()).toEqual(["a", "b", "c", "d"]);
    const [group] = await rivulet.runs.groups({
      field: "status",
      metrics: ["loss"],
      experimentIds,
    });
    expect(group?.metrics["loss"]).toEqual({ count: 1, mean: 3, min: 3, max: 3, best: 3 });
  });

  test("by the best value only where experiments agree which way a metric improves", async () => {
    const { rivulet } = await aClient(kind);
    for (const better of ["lower", "higher"] as const) {
      await rivulet.runs.with({ experiment: better }, async (run) => {
        await run.declareMetrics({ score: { better } });
        run.logMetric("score", 1);
        run.logMetric("score", 2);
      });
    }
    const query = { filter: "best.score = 2" };
    await expect(rivulet.runs.search(query)).rejects.toMatchObject(
      refusal("invalid_argument", /^best\.score: the experiments of this search say different/),
    );
    const higher = await rivulet.experiments.find("higher");
    const experimentIds = [higher?.id ?? ""];
    expect(await rivulet.runs.count({ ...query, experimentIds })).toBe(1);
    const bestOf = async (ids: readonly string[]): Promise<number | undefined> => {
      const of = { field: "status", metrics: ["score"], experimentIds: ids };
      return (await rivulet.runs.groups(of))[0]?.metrics["score"]?.best;
    };
    expect([await bestOf([]), await bestOf(experimentIds)]).toEqual([undefined, 2]);
  });

  test("by the name of their experiment, their note and how long they took", async () => {
    const { rivulet, clock } = await aClient(kind);
    const make = async (name: string, ms: number) => {
      const tags = { "mlflow.note.content": `the ${name} one` };
      const run = await rivulet.runs.start({ name, experiment: `${name}s`, tags });
      clock.advance(ms);
      await run.finish();
    };
    await make("short", 10);
    await make("long", 2000);
    await rivulet.runs.start({ name: "open" });
    const found = async (filter: string) =>
      (await rivulet.runs.search({ filter, orderBy: ["name"] })).items.map(({ name }) => name);
    expect(await found("experiment.name = 'longs'")).toEqual(["long"]);
    expect(await found("experiment_name LIKE 'short%'")).toEqual(["short"]);
    expect(await found("note LIKE '%long%'")).toEqual(["long"]);
    expect(await found("duration >= 10")).toEqual(["long", "short"]);
    expect(await found("duration > 10.5")).toEqual(["long"]);
    expect(await found("duration IS NULL")).toEqual(["open"]);
    const { items } = await rivulet.runs.search({ orderBy: ["duration DESC"] });
    expect(items.map(({ name }) => name)).toEqual(["long", "short", "open"]);
  });

  test("by words, which are never read as a condition", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.runs.create({ name: "resnet_50", params: { opt: "adam" }, tags: { by: "Ann" } });
    await rivulet.runs.create({ name: "resnetX50", params: { opt: "100%" }, tags: { by: "Bob" } });
    await rivulet.runs.create({ name: "name = 'x'", tags: { "mlflow.note.content": "Überfit" } });
    const found = async (text: string) => {
      const { items } = await rivulet.runs.search({ text, orderBy: ["name"] });
      expect(await rivulet.runs.count({ text })).toBe(items.length);
      return items.map(({ name }) => name);
    };
    expect(await found("resnet_")).toEqual(["resnet_50"]);
    expect(await found("0%")).toEqual(["resnetX50"]);
    expect(await found("RESNET ann")).toEqual(["resnet_50"]);
    expect(await found("adam bob")).toEqual([]);
    expect(await found("name = 'x'")).toEqual(["name = 'x'"]);
    expect(await found("Überfit")).toEqual(["name = 'x'"]);
    expect(await found("\\")).toEqual([]);
    expect(await found("  ")).toHaveLength(3);
  });

  test("page by page of one search only", async () => {
    const { rivulet } = await aClient(kind);
    for (const name of ["a", "b", "c"]) await rivulet.runs.create({ name });
    const query = { limit: 1, orderBy: ["name"] };
    const { nextPageToken: pageToken = "" } = await rivulet.runs.search(query);
    const others = [
      { ...query, orderBy: ["name DESC"] },
      { ...query, filter: "name != 'x'" },
      { ...query, text: "b" },
      { ...query, experimentIds: ["0"] },
      { ...query, lifecycle: "all" as const },
    ];
    for (const other of others) {
      await expect(rivulet.runs.search({ ...other, pageToken })).rejects.toMatchObject({
        code: "invalid_argument",
        details: { field: "pageToken" },
      });
    }
    expect((await rivulet.runs.search({ ...query, pageToken })).items[0]?.name).toBe("b");
  });
});
