import "@rivulet/langchain/prompts";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

test("importing the templates gives prompts a method for each kind", async () => {
  const { rivulet } = openClient();
  const prompt = await rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
  const chat = prompt.toChatPromptTemplate();
  expect(chat._getPromptType()).toBe("chat");
  expect(await chat.format({ name: "Ann" })).toBe("Human: Hello Ann");
  const text = prompt.toPromptTemplate();
  expect(text._getPromptType()).toBe("prompt");
  expect(await text.format({ name: "Ann" })).toBe("Hello Ann");
});
