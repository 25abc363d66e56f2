import { describe, expect, test } from "vitest";
import { aClient, STORES } from "./client.ts";

describe.each(STORES)("half a surrogate pair, which is kept as U+FFFD, on %s", (kind) => {
  test("is the same key wherever a metric is logged, and found by what was given", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start({ params: { "a\ud800": "1" }, tags: { "t\udc00": "x" } });
    run.logMetric("m\ud800", 1);
    run.logMetrics({ "m\ud800": 2 });
    await rivulet.flush();
    await rivulet.runs.logBatch({
      runId: run.id,
      metrics: [{ key: "m\ud800", value: 3, step: 2 }],
    });
    expect(await run.finish()).toMatchObject({
      params: { "a\ufffd": "1" },
      tags: { "t\ufffd": "x" },
      metrics: { "m\ufffd": 3 },
    });
    const [summary, ...others] = await rivulet.runs.metricSummaries({ runIds: [run.id] });
    expect(summary).toMatchObject({ key: "m\ufffd", count: 3, lastStep: 2 });
    expect(others).toEqual([]);
    for (const filter of [
      "params.`a\ud800` = '1'",
      "tags.`t\udc00` = 'x'",
      "metrics.`m\ud800` = 3",
    ])
      expect(await rivulet.runs.count({ filter })).toBe(1);
  });
});

test("a filter that cannot be read still says where, behind half a surrogate pair", async () => {
  const { rivulet } = await aClient("memory");
  await expect(rivulet.runs.search({ filter: "name = '\ud800' AND" })).rejects.toMatchObject({
    code: "invalid_argument",
    message: expect.stringContaining("Cannot read the filter at its end"),
    details: { field: "filter", position: 15 },
  });
});
