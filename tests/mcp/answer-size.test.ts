import { expect, test } from "vitest";
import { aRivulet, connect } from "./connect.ts";

const TOO_LARGE =
  /^limit_exceeded: The answer has \d{6,} characters; 400000 is the most\. Ask for less/;

async function withLongPrompt() {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "long", template: "{{text}}!" });
  const client = await connect(rivulet);
  const text = "x".repeat(400_000);
  return { client, text };
}

test("a tool's answer that no host would take is an error, and the connection goes on", async () => {
  const { client, text } = await withLongPrompt();
  const filled = { name: "render_prompt", arguments: { reference: "long", values: { text } } };
  expect(await client.callTool(filled)).toMatchObject({
    isError: true,
    content: [{ type: "text", text: expect.stringMatching(TOO_LARGE) }],
  });
  const { structuredContent } = await client.callTool({
    name: "get_prompt",
    arguments: { reference: "long" },
  });
  expect(structuredContent).toMatchObject({ template: "{{text}}!" });
});

test("a prompt that no host would take is refused as the caller's fault", async () => {
  const { client, text } = await withLongPrompt();
  await expect(client.getPrompt({ name: "long", arguments: { text } })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringMatching(/limit_exceeded: The answer has \d+ characters/),
  });
});

test("a list of prompts that no host would take is refused as the caller's fault", async () => {
  const rivulet = aRivulet();
  for (let number = 0; number < 5; number += 1) {
    const template = Array.from({ length: 800 }, (_, at) => `{{${"v".repeat(90)}${at}}}`).join("");
    await rivulet.prompts.register({ name: `prompt-${number}`, template });
  }
  const client = await connect(rivulet);
  await expect(client.listPrompts()).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringMatching(/limit_exceeded: The answer has \d+ characters/),
  });
});

test("a resource of very many short texts is refused instead of sent", async () => {
  const rivulet = aRivulet();
  const params = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`param ${index}`, "v".repeat(6_000)]),
  );
  const run = await rivulet.runs.start();
  for (let batch = 0; batch < 70; batch += 1) {
    await run.logParams(
      Object.fromEntries(
        Object.entries(params).map(([key, value]) => [`${key} of ${batch}`, value]),
      ),
    );
  }
  const client = await connect(rivulet);
  await expect(client.readResource({ uri: `rivulet://runs/${run.id}` })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringMatching(/limit_exceeded/),
  });
});
