import { aModelVersion, aPromptVersion, aRun, BUILT_AT, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend } from "./a-backend.ts";

test("tags and aliases of a deleted model do not come back with its name", async () => {
  const { models } = (await aBackend()).entities;
  const version = aModelVersion({ tags: { stage: "old" }, setAliases: ["production"] });
  await models.addVersion(version);
  await models.update({ name: "iris", tags: { team: "a" }, updatedAt: BUILT_AT });
  await models.delete({ name: "iris", updatedAt: BUILT_AT });
  const { version: number, ...again } = await models.addVersion(aModelVersion());
  expect([number, again.tags, again.aliases]).toEqual([1, {}, []]);
  const model = await models.get("iris");
  expect([model?.tags, model?.aliases]).toEqual([{}, {}]);
});

test("tags and aliases of a deleted prompt do not come back with its name", async () => {
  const { prompts } = (await aBackend()).entities;
  await prompts.addVersion(aPromptVersion({ tags: { stage: "old" }, setAliases: ["live"] }));
  await prompts.update({ name: "greet", tags: { team: "a" }, updatedAt: BUILT_AT });
  await prompts.delete("greet");
  const again = await prompts.addVersion(aPromptVersion());
  expect([again.tags, again.aliases]).toEqual([{}, []]);
  const prompt = await prompts.get("greet");
  expect([prompt?.tags, prompt?.aliases]).toEqual([{}, {}]);
});

test("of points with one step and time the largest value is the latest, as in MLflow, whenever it was written", async () => {
  const { entities, take } = await aBackend();
  await entities.runs.create(aRun());
  const point = (value: number, step = 3) => ({ key: "loss", value, step, timestamp: BUILT_AT });
  const latest = async (): Promise<unknown> => (await entities.runs.get(hexId(1)))?.metrics["loss"];

  await entities.runs.logBatch({ runId: hexId(1), metrics: [point(3), point(1), point(2)] });
  expect(await latest()).toBe(3);
  await entities.runs.logBatch({ runId: hexId(1), metrics: [point(0.5)] });
  expect(await latest()).toBe(3);
  await take({
    records: [
      { kind: "metrics", metrics: { runId: hexId(1), points: [point(3.25), point(9, 2)] } },
    ],
    owner: "",
  });
  expect(await latest()).toBe(3.25);
});
