import { describe, expect, test } from "vitest";
import { refusal, sharedClient } from "./client.ts";

describe("references", () => {
  const client = sharedClient();

  test("of models are understood in Rivulet's and MLflow's forms", async () => {
    const { models } = client();
    for (const source of ["a", "b", "c"]) await models.register({ name: "m", source });
    const run = await client().runs.start();
    const logged = await run.logModel("net", { "a.json": "{}" }, { registerAs: "other" });
    await models.setAlias({ name: "m", alias: "best", version: 2 });
    await models.setStage({ name: "m", version: 1, stage: "PRODUCTION" });
    const found = async (reference: string) => {
      const { name, version } = await models.getVersion(reference);
      return `${name}/${version}`;
    };
    for (const [reference, expected] of [
      ["m", "m/3"],
      ["m@latest", "m/3"],
      ["m@2", "m/2"],
      ["m@v2", "m/2"],
      ["m@best", "m/2"],
      ["models:/m", "m/3"],
      ["models:/m/2", "m/2"],
      ["models:/m@best", "m/2"],
      ["models:/m/latest", "m/3"],
      ["models:/m/Production", "m/1"],
      [`models:/${logged.id}`, "other/1"],
    ] as const) {
      expect([reference, await found(reference)]).toEqual([reference, expected]);
    }
  });

  test("as a source stand for the logged model: its run, its files, its metrics", async () => {
    const { models, runs } = client();
    const run = await runs.start();
    run.logMetric("accuracy", 0.97);
    const logged = await run.logModel("net", { "a.json": "{}" });
    await run.finish();
    const source = `models:/${logged.id}`;
    expect(await models.register({ name: "by-source", source })).toMatchObject({
      runId: run.id,
      artifactPath: "net",
      modelId: logged.id,
      source,
      metrics: { accuracy: 0.97 },
    });
    expect(Buffer.from(await models.load("by-source@1")).toString()).toBe("{}");
  });

  test("as a source are refused where they name a version, which is copied", async () => {
    const { models } = client();
    await models.register({ name: "staged" });
    const made = models.register({ name: "copied", source: "models:/staged/1" });
    await expect(made).rejects.toMatchObject(
      refusal("invalid_argument", /models:\/staged\/1 is a version already\. .*copyVersion/),
    );
    const unknown = models.register({ name: "copied", source: `models:/m-${"0".repeat(32)}` });
    await expect(unknown).rejects.toMatchObject(refusal("not_found", /logged model/));
    expect((await models.search({ filter: "name = 'copied'" })).items).toEqual([]);
  });

  test("of prompts are understood in both", async () => {
    const { prompts } = client();
    await prompts.register({ name: "greet", template: "one" });
    await prompts.register({ name: "greet", template: "two", aliases: ["live"] });
    for (const [reference, expected] of [
      ["prompts:/greet/1", 1],
      ["prompts:/greet@live", 2],
      ["prompts:/greet/latest", 2],
      ["prompts:/greet@1", 1],
    ] as const) {
      expect([reference, (await prompts.get(reference)).version]).toEqual([reference, expected]);
    }
  });

  test.each([
    "models:/",
    "models:/a/b/c",
    "models:/a/Live",
    "s3://bucket/m",
    "runs:/abc",
    "@3",
    "m@",
  ])("%s is refused with the forms there are", async (reference) => {
    await expect(client().models.getVersion(reference)).rejects.toMatchObject(
      refusal("invalid_argument", /is no reference to a model\. Write name, name@3, name@alias/),
    );
  });

  test.each(["prompts:/greet/Production", "models:/greet/1"])(
    "%s is no prompt",
    async (reference) => {
      await expect(client().prompts.get(reference)).rejects.toMatchObject(
        refusal("invalid_argument", /is no reference to a prompt\. Write name/),
      );
    },
  );
});
