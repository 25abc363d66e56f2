import { describe, expect, test } from "vitest";
import { aClient, refusal, START, STORES, sharedClient } from "./client.ts";

describe.each(STORES)("experiments on %s", (kind) => {
  test("are created, found by name and read by id", async () => {
    const { rivulet } = await aClient(kind);
    const created = await rivulet.experiments.create({ name: "iris", tags: { team: "blue" } });
    const expected = {
      id: "1",
      name: "iris",
      lifecycleStage: "active",
      createdAt: START,
      updatedAt: START,
      tags: { team: "blue" },
      metrics: {},
    };
    expect(created).toEqual(expected);
    expect(await rivulet.experiments.get("1")).toEqual(expected);
    expect(await rivulet.experiments.find("iris")).toEqual(expected);
    expect(await rivulet.experiments.find("unknown")).toBeUndefined();
  });

  test("a default one is always there and cannot be deleted", async () => {
    const { rivulet } = await aClient(kind);
    expect(await rivulet.experiments.get("0")).toMatchObject({ id: "0", name: "Default" });
    await expect(rivulet.experiments.delete("0")).rejects.toMatchObject(
      refusal("invalid_argument", /default experiment cannot be deleted/),
    );
  });

  test("refuse a name that is taken", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.experiments.create({ name: "iris" });
    await expect(rivulet.experiments.create({ name: "iris" })).rejects.toMatchObject({
      code: "already_exists",
    });
  });

  test("of one name are made once, however many ask at the same time", async () => {
    const { rivulet } = await aClient(kind);
    const ensured = await Promise.all(
      Array.from({ length: 5 }, () => rivulet.experiments.ensure("shared")),
    );
    expect(new Set(ensured.map(({ id }) => id)).size).toBe(1);
  });

  test("that are deleted hide, are not used by name, and come back", async () => {
    const { rivulet } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "old" });
    expect((await rivulet.experiments.delete(id)).lifecycleStage).toBe("deleted");
    const names = async (lifecycle: "active" | "deleted" | "all") =>
      (await rivulet.experiments.search({ lifecycle, orderBy: ["name"] })).items.map(
        ({ name }) => name,
      );
    expect(await names("active")).toEqual(["Default"]);
    expect(await names("deleted")).toEqual(["old"]);
    expect(await names("all")).toEqual(["Default", "old"]);
    await expect(rivulet.experiments.ensure("old")).rejects.toMatchObject(
      refusal("conflict", /"old" is deleted\. Restore it \(id 1\)/),
    );
    expect((await rivulet.experiments.restore(id)).lifecycleStage).toBe("active");
  });

  test("change name and tags", async () => {
    const { rivulet, clock } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "a", tags: { x: "1", y: "2" } });
    clock.advance(1000);
    const updated = await rivulet.experiments.update(id, {
      name: "b",
      tags: { x: "3" },
      removeTags: ["y"],
    });
    expect(updated).toMatchObject({ name: "b", tags: { x: "3" }, updatedAt: START + 1000 });
  });

  test("declare which way their metrics are better, also through a run", async () => {
    const { rivulet } = await aClient(kind);
    const loss = { better: "lower" } as const;
    const { id, metrics } = await rivulet.experiments.create({ name: "a", metrics: { loss } });
    expect(metrics).toEqual({ loss });
    const run = await rivulet.runs.start({ experiment: "a" });
    await run.declareMetrics({ "val/acc": { better: "higher" }, loss: { better: "higher" } });
    expect((await rivulet.experiments.get(id)).metrics).toEqual({
      loss: { better: "higher" },
      "val/acc": { better: "higher" },
    });
    const removed = await rivulet.experiments.update(id, {
      metrics: { loss },
      removeMetrics: ["val/acc"],
    });
    expect(removed.metrics).toEqual({ loss });
    await run.finish();
  });

  test("that are not there are not found", async () => {
    const { rivulet } = await aClient(kind);
    await expect(rivulet.experiments.get("99")).rejects.toMatchObject(
      refusal("not_found", /There is no experiment "99"/),
    );
    await expect(rivulet.experiments.update("99", { name: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(rivulet.experiments.get("")).rejects.toMatchObject({ code: "invalid_argument" });
  });
});

describe("experiments with bad input", () => {
  const client = sharedClient();

  test.each([
    ["an empty name", { name: "" }, /experiment\.name: must not be empty/],
    ["a blank name", { name: "  " }, /experiment\.name: must not be empty/],
    ["a name of 501 characters", { name: "x".repeat(501) }, /at most 500 characters/],
    ["a name with a line break", { name: "a\nb" }, /control characters/],
    ["a number as name", { name: 7 }, /expected string, received number/],
    ["no name", {}, /experiment\.name/],
    [
      "a tag of 8001 characters",
      { name: "a", tags: { k: "x".repeat(8001) } },
      /experiment\.tags\.k/,
    ],
    [
      "a metric with a third direction",
      { name: "a", metrics: { "val/loss": { better: "down" } } },
      /experiment\.metrics\.val\/loss\.better/,
    ],
    [
      "a metric with more than a direction",
      { name: "a", metrics: { loss: { better: "lower", goal: 0 } } },
      /experiment\.metrics\.loss\.goal: is not known here/,
    ],
    ["a tag key of 251 characters", { name: "a", tags: { ["k".repeat(251)]: "" } }, /at most 250/],
  ])("refuse %s and keep nothing", async (_case, options, message) => {
    const rivulet = client();
    await expect(rivulet.experiments.create(options as { name: string })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
    expect((await rivulet.experiments.search()).items.map(({ name }) => name)).toEqual(["Default"]);
  });
});
