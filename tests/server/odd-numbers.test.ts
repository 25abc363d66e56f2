import { expect, test } from "vitest";
import { anApi, STORES } from "./api-client.ts";

test.each(STORES)(
  "metrics that are no finite numbers are named, and nothing is reported: %s",
  async (store) => {
    const { rivulet, call, errors } = await anApi(store);
    const run = await rivulet.runs.start({ name: "diverged" });
    run.logMetrics({ loss: Number.NaN, high: Infinity, low: -Infinity });
    await run.finish();
    const named = { loss: "NaN", high: "Infinity", low: "-Infinity" };
    const { body } = await call(`GET /runs?filter=${encodeURIComponent("metrics.loss = NaN")}`);
    expect(body).toMatchObject({ items: [{ name: "diverged", metrics: named }] });
    expect((await call(`GET /runs/${run.id}`)).body).toMatchObject({ metrics: named });
    expect((await call(`GET /runs/${run.id}/metric-history?key=loss`)).body).toMatchObject({
      items: [{ value: "NaN" }],
    });
    expect(errors).toEqual([]);
  },
);
