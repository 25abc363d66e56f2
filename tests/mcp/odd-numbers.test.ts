import { expect, test } from "vitest";
import { aRivulet, call, connect } from "./connect.ts";

test("NaN and the infinities of a metric are told as their names", async () => {
  const rivulet = aRivulet();
  const run = await rivulet.runs.start();
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [step, value] of values.entries()) run.logMetric("loss", value, { step });
  await run.finish();
  const client = await connect(rivulet);
  const told = [1, "NaN", "Infinity", "-Infinity"];
  const curves = { runIds: [run.id], keys: ["loss"] };
  expect(await call(client, "get_metric_history", curves)).toMatchObject({
    items: [{ steps: [0, 1, 2, 3], values: told, total: 4 }],
  });
  expect(await call(client, "get_run", { id: run.id })).toMatchObject({
    metrics: { loss: "-Infinity" },
  });
  expect(await call(client, "search_runs", { fields: ["metrics"] })).toMatchObject({
    rows: [[{ loss: "-Infinity" }]],
  });
});

test("a run may be logged with metrics that are NaN or infinite", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet, { allowWrites: true });
  const metrics = [
    { key: "loss", value: "NaN" },
    { key: "low", value: "-Infinity" },
    { key: "accuracy", value: 0.5 },
  ];
  const { id } = await call<{ id: string }>(client, "log_run", { experiment: "e", metrics });
  expect((await rivulet.runs.get(id)).metrics).toEqual({
    accuracy: 0.5,
    loss: Number.NaN,
    low: Number.NEGATIVE_INFINITY,
  });
});
