import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, STORES } from "./client.ts";

describe.each(STORES)("a sweep on %s", (kind) => {
  test("is one line of a table: its best child, and what all have come to", async () => {
    const { rivulet, clock } = await aClient(kind);
    await rivulet.runs.with({ experiment: "sweep", name: "grid" }, async (sweep) => {
      await sweep.declareMetrics({ loss: { better: "lower" }, acc: { better: "higher" } });
      for (const [lr, loss] of [
        [0.1, 0.5],
        [0.2, 0.25],
        [0.3, Number.NaN],
      ] as const) {
        clock.advance(10);
        await rivulet.runs.with({ name: `lr ${lr}`, params: { lr } }, (run) =>
          run.logMetrics({ loss, acc: 1 - loss }),
        );
      }
    });
    await rivulet.runs.create({ experiment: "sweep", name: "alone" });
    const roots = await rivulet.runs.search({ rootsOnly: true, orderBy: ["name ASC"] });
    expect(roots.items.map(({ name }) => name)).toEqual(["alone", "grid"]);
    expect(await rivulet.runs.count({ rootsOnly: true })).toBe(2);
    const runIds = roots.items.map(({ id }) => id);
    expect(await rivulet.runs.childSummaries({ runIds })).toEqual([
      { runId: runId(5), count: 0, statuses: {}, metrics: [] },
      {
        runId: runId(1),
        count: 3,
        statuses: { finished: 3 },
        metrics: [
          {
            key: "acc",
            count: 2,
            failed: 0,
            diverged: 1,
            mean: 0.625,
            median: 0.625,
            least: { runId: runId(2), name: "lr 0.1", value: 0.5 },
            greatest: { runId: runId(3), name: "lr 0.2", value: 0.75 },
            better: "higher",
            best: { runId: runId(3), name: "lr 0.2", value: 0.75 },
          },
          {
            key: "loss",
            count: 2,
            failed: 0,
            diverged: 1,
            mean: 0.375,
            median: 0.375,
            least: { runId: runId(3), name: "lr 0.2", value: 0.25 },
            greatest: { runId: runId(2), name: "lr 0.1", value: 0.5 },
            better: "lower",
            best: { runId: runId(3), name: "lr 0.2", value: 0.25 },
          },
        ],
      },
    ]);
    const children = { parentRunId: runId(1), filter: "metrics.loss < 1" };
    const found = await rivulet.runs.search({ ...children, orderBy: ["metrics.loss ASC"] });
    expect(found.items.map(({ name }) => name)).toEqual(["lr 0.2", "lr 0.1"]);
    expect(await rivulet.runs.count(children)).toBe(2);
  });
});

test("children are asked for of runs that are there", async () => {
  const { rivulet } = await aClient("memory");
  const asked = rivulet.runs.childSummaries({ runIds: [runId(7)], metrics: ["loss"] });
  await expect(asked).rejects.toMatchObject(refusal("not_found", /0{31}7/));
});
