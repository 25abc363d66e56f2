import { extendPrompts, type Prompt } from "@rivulet/core";
import { expect, test } from "vitest";
import { aClient } from "./client.ts";

test("an adapter gives every prompt a method, those that are there already, too", async () => {
  const { rivulet } = await aClient("memory");
  const prompt = await rivulet.prompts.register({ name: "greet", template: "Hi {{name}}" });
  extendPrompts({
    shout(this: Prompt, name: string) {
      return `${this.format({ name })}!`;
    },
  });
  const { shout } = prompt as unknown as { shout: (name: string) => string };
  expect(shout.call(prompt, "Ann")).toBe("Hi Ann!");
  expect(Object.keys(prompt)).not.toContain("shout");
});

test.each(["format", "formatMessages"])("%s stays as it is", async (name) => {
  const { rivulet } = await aClient("memory");
  const prompt = await rivulet.prompts.register({ name: "greet", template: "Hi {{name}}" });
  expect(() => extendPrompts({ [name]: () => "replaced" })).toThrow(
    expect.objectContaining({
      code: "already_exists",
      message: `Prompts have a method ${name} of their own.`,
    }),
  );
  expect(prompt.format({ name: "Ann" })).toBe("Hi Ann");
  expect(prompt.formatMessages({ name: "Ann" })).toEqual([{ role: "user", content: "Hi Ann" }]);
});

test("an alias may be split between 20 versions, and no more", async () => {
  const { rivulet } = await aClient("memory");
  for (let version = 1; version <= 21; version += 1) {
    await rivulet.prompts.register({ name: "p", template: `${version}` });
  }
  const arms = Array.from({ length: 21 }, (_, index) => ({ version: index + 1, weight: 1 }));
  const split = { name: "p", alias: "ab" };
  await rivulet.prompts.setSplit({ ...split, arms: arms.slice(0, 20) });
  await expect(rivulet.prompts.setSplit({ ...split, arms })).rejects.toMatchObject({
    code: "invalid_argument",
    message: "split.arms: at most 20 arms",
  });
});
