import { RivuletError } from "@rivulet/core";
import { expect, test } from "vitest";
import { aRivulet, call, connect } from "./connect.ts";

const chat = [
  { role: "system", content: "You speak {{language}}." },
  { role: "user", content: "{{question}}" },
  { role: "assistant", content: "Well," },
] as const;

test("registered prompts are MCP prompts with their arguments", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({
    name: "ask",
    description: "Asks in a language",
    template: chat,
    config: {
      variables: {
        language: {
          description: "Which language",
          default: "English",
          enum: ["English", "French"],
        },
      },
    },
  });
  const client = await connect(rivulet);
  const { prompts } = await client.listPrompts();
  expect(prompts).toMatchObject([
    {
      name: "ask",
      description: "Asks in a language",
      arguments: [
        { name: "language", description: "Which language", required: false },
        { name: "question", required: true },
      ],
    },
  ]);
});

test("a prompt is filled in once: roles MCP does not know are fenced, braces in values stay", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "ask", template: chat });
  const client = await connect(rivulet);
  const { messages } = await client.getPrompt({
    name: "ask",
    arguments: { language: "Latin", question: "{{language}}?" },
  });
  expect(messages).toEqual([
    { role: "user", content: { type: "text", text: "<system>\nYou speak Latin.\n</system>" } },
    { role: "user", content: { type: "text", text: "{{language}}?" } },
    { role: "assistant", content: { type: "text", text: "Well," } },
  ]);
});

test("what MCP's messages have no place for stays readable", async () => {
  const rivulet = aRivulet();
  const calls = [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }];
  await rivulet.prompts.register({
    name: "rich",
    template: [
      { role: "assistant", content: null, tool_calls: calls },
      { role: "user", content: [{ type: "text", text: "{{a}}" }] },
    ],
  });
  const client = await connect(rivulet);
  const { messages } = await client.getPrompt({ name: "rich", arguments: { a: "Hi" } });
  expect(messages.map(({ role, content }) => [role, content])).toEqual([
    ["assistant", { type: "text", text: JSON.stringify({ content: null, tool_calls: calls }) }],
    ["user", { type: "text", text: '{"content":[{"type":"text","text":"Hi"}]}' }],
  ]);
});

test("the production alias is what is served; versions and aliases can be named", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "greet", template: "one", aliases: ["production"] });
  await rivulet.prompts.register({ name: "greet", template: "two", aliases: ["staging"] });
  const client = await connect(rivulet);
  const read = async (name: string): Promise<unknown> =>
    (await client.getPrompt({ name })).messages[0]?.content;
  expect(await read("greet")).toEqual({ type: "text", text: "one" });
  expect(await read("greet@2")).toEqual({ type: "text", text: "two" });
  expect(await read("greet@staging")).toEqual({ type: "text", text: "two" });
});

test("missing arguments are named, unknown prompts refused", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "ask", template: chat });
  const client = await connect(rivulet);
  await expect(
    client.getPrompt({ name: "ask", arguments: { question: "?" } }),
  ).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining("needs the arguments: language"),
  });
  await expect(client.getPrompt({ name: "none" })).rejects.toMatchObject({ code: -32602 });
  await expect(client.listPrompts({ cursor: "garbage" })).rejects.toMatchObject({ code: -32602 });
});

test("an argument comes before the variable's default, and the default where none is given", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({
    name: "greet",
    template: "{{greeting}}, {{name}}!",
    config: { variables: { greeting: { default: "Hello" } } },
  });
  const client = await connect(rivulet);
  const fill = async (values: Record<string, string>): Promise<unknown> =>
    (await client.getPrompt({ name: "greet", arguments: values })).messages[0]?.content;
  expect(await fill({ name: "Ann" })).toEqual({ type: "text", text: "Hello, Ann!" });
  expect(await fill({ name: "Ann", greeting: "Hi" })).toEqual({ type: "text", text: "Hi, Ann!" });
});

test("arguments are completed from the variable's choices, addresses from what there is", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({
    name: "ask",
    template: chat,
    config: { variables: { language: { enum: ["English", "French", "Finnish"] } } },
  });
  const client = await connect(rivulet);
  const complete = async (
    ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string },
    argument: { name: string; value: string },
  ): Promise<readonly string[]> => (await client.complete({ ref, argument })).completion.values;
  const prompt = { type: "ref/prompt", name: "ask" } as const;
  expect(await complete(prompt, { name: "language", value: "f" })).toEqual(["French", "Finnish"]);
  expect(await complete(prompt, { name: "question", value: "" })).toEqual([]);
  const resource = { type: "ref/resource", uri: "rivulet://prompts/{prompt}" } as const;
  expect(await complete(resource, { name: "prompt", value: "a" })).toEqual(["ask"]);
});

test("no more than 100 proposals are made, and how many there are is told", async () => {
  const rivulet = aRivulet();
  const choices = Array.from({ length: 102 }, (_, index) => `choice ${index}`);
  await rivulet.prompts.register({
    name: "ask",
    template: chat,
    config: { variables: { language: { enum: choices } } },
  });
  const client = await connect(rivulet);
  const ref = { type: "ref/prompt", name: "ask" } as const;
  const complete = async (value: string) =>
    (await client.complete({ ref, argument: { name: "language", value } })).completion;
  expect(await complete("c")).toEqual({ values: choices.slice(0, 100), total: 102, hasMore: true });
  expect(await complete("choice 10")).toEqual({
    values: ["choice 10", "choice 100", "choice 101"],
    total: 3,
    hasMore: false,
  });
});

test.each([
  ["not_found", -32602],
  ["invalid_argument", -32602],
  ["permission_denied", -32602],
  ["store_unavailable", -32603],
  ["conflict", -32603],
] as const)("a failure %s has the code %i, for prompts and completions", async (code, rpcCode) => {
  const rivulet = aRivulet();
  const getEntry = () => Promise.reject(new RivuletError(code, "It did not work."));
  const prompts = { ...rivulet.prompts, getEntry };
  const client = await connect({ ...rivulet, prompts });
  const failure = { code: rpcCode, message: expect.stringContaining(`${code}: It did not work.`) };
  await expect(client.getPrompt({ name: "greet" })).rejects.toMatchObject(failure);
  const ref = { type: "ref/prompt", name: "greet" } as const;
  const completion = client.complete({ ref, argument: { name: "language", value: "" } });
  await expect(completion).rejects.toMatchObject(failure);
});

test("a walk over the pages lists every prompt once", async () => {
  const rivulet = aRivulet();
  for (let index = 0; index < 260; index += 1) {
    await rivulet.prompts.register({ name: `p${String(index).padStart(3, "0")}`, template: "x" });
  }
  const client = await connect(rivulet);
  const first = await client.listPrompts();
  const second = await client.listPrompts({ cursor: first.nextCursor });
  const names = [...first.prompts, ...second.prompts].map(({ name }) => name);
  expect(first.prompts.length).toBe(250);
  expect(second.nextCursor).toBeUndefined();
  expect(new Set(names).size).toBe(260);
});

test("get_prompt gives the newest version, or the one that the reference names", async () => {
  const rivulet = aRivulet();
  for (const template of ["one", "two", "three"]) {
    await rivulet.prompts.register({ name: "p", template });
  }
  await rivulet.prompts.setAlias({ name: "p", alias: "live", version: 2 });
  const client = await connect(rivulet);
  const templates = await Promise.all(
    ["p", "p@latest", "p@live", "p@1"].map((reference) =>
      call<{ template: string }>(client, "get_prompt", { reference }),
    ),
  );
  expect(templates.map(({ template }) => template)).toEqual(["three", "three", "two", "one"]);
});
