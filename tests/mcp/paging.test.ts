import type { Rivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aRivulet, call, connect } from "./connect.ts";

/** Three of each kind that can be listed. */
async function threeOfEach(): Promise<Rivulet> {
  const rivulet = aRivulet();
  for (const name of ["a", "b", "c"]) {
    await rivulet.experiments.create({ name });
    await rivulet.runs.create({ name });
    await rivulet.models.register({ name });
    await rivulet.prompts.register({ name, template: "Hi" });
    await rivulet.datasets.create({ name, records: [{ inputs: 1 }, { inputs: 2 }, { inputs: 3 }] });
    await rivulet.evaluate({ name, data: [{ inputs: name }], task: () => 1, scorers: [] });
  }
  await rivulet.flush();
  return rivulet;
}

interface Page {
  readonly rows: readonly unknown[];
  readonly nextPageToken?: string;
}

test.each([
  ["search_experiments", { fields: ["id"] }, 4],
  ["search_runs", { fields: ["id"] }, 6],
  ["search_models", { fields: ["name"] }, 3],
  ["search_prompts", { fields: ["name"] }, 3],
  ["search_traces", { fields: ["id"] }, 3],
  ["search_datasets", { fields: ["name"] }, 3],
  ["search_evaluations", { fields: ["id"] }, 3],
  ["get_dataset_records", { name: "a", fields: ["id"] }, 3],
  ["search_model_versions", { fields: ["name"] }, 3],
])("%s gives its whole list by its page tokens, one by one", async (tool, input, count) => {
  const client = await connect(await threeOfEach());
  const whole = await call<Page>(client, tool, input);
  const found: unknown[] = [];
  let pageToken: string | undefined;
  do {
    const place = pageToken === undefined ? {} : { pageToken };
    const page = await call<Page>(client, tool, { ...input, ...place, limit: 1 });
    found.push(...page.rows);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && found.length <= count);
  expect(found).toHaveLength(count);
  expect(found).toEqual(whole.rows);
});
