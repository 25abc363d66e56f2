import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_7)("prompts of ai $version", ({ ai, model }) => {
  async function listen() {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const greet = await client.rivulet.prompts.register({
      name: "greet",
      template: "Greet {{name}} kindly.",
    });
    const chat = await client.rivulet.prompts.register({
      name: "chat",
      template: [
        { role: "system", content: "You are {{who}}." },
        { role: "user", content: "Say {{what}}" },
      ],
    });
    return { client, greet, chat };
  }

  it("links a text prompt that was rendered into the prompt", async () => {
    const { client, greet } = await listen();

    await ai.generateText({ model: model("m", says("x")), prompt: greet.format({ name: "Ann" }) });

    expect((await client.span("chat m")).prompts).toEqual([{ name: "greet", version: 1 }]);
  });

  it("links what was rendered into instructions and messages", async () => {
    const { client, greet, chat } = await listen();
    const [system, user] = chat.formatMessages({ who: "Bo", what: "hi" });

    await ai.generateText({
      model: model("m", says("x")),
      instructions: String(system?.content),
      messages: [
        { role: "user", content: String(user?.content) },
        { role: "assistant", content: "hi" },
        { role: "user", content: [{ type: "text", text: greet.format({ name: "Ann" }) }] },
      ],
    });

    expect((await client.span("chat m")).prompts).toEqual([
      { name: "chat", version: 1 },
      { name: "greet", version: 1 },
    ]);
    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items.map(({ prompts }) => prompts)).toEqual([
      [
        { name: "chat", version: 1 },
        { name: "greet", version: 1 },
      ],
    ]);
  });

  it("links what was rendered into the first 16 messages of a long chat, and into its last", async () => {
    const { client } = await listen();
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const numbered = await client.rivulet.prompts.register({
      name: "numbered",
      template: "Number {{n}}",
    });
    const linked = async (place: number): Promise<readonly string[]> => {
      const text = (name: string, index: number) =>
        index === place ? numbered.format({ n: name }) : `Hello ${name}`;
      await ai.generateText({
        model: model(`m${place}`, says("x")),
        messages: names.map((name, index) => ({
          role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
          content: text(name, index),
        })),
      });
      const { prompts = [] } = await client.span(`chat m${place}`);
      return prompts.map(({ name }) => name);
    };

    expect(await linked(15)).toEqual(["numbered"]);
    expect(await linked(16)).toEqual([]);
    expect(await linked(19)).toEqual(["numbered"]);
  });

  it("links every model call of a tool loop", async () => {
    const { client, greet } = await listen();
    const noop = ai.tool({ inputSchema: z.object({}), execute: async () => 1 });

    await ai.generateText({
      model: model("m", asksFor({ id: "1", name: "noop" }), says("x")),
      instructions: greet.format({ name: "Ann" }),
      prompt: "p",
      tools: { noop },
      stopWhen: ai.isStepCount(2),
    });

    const calls = await client.spans("chat m");
    expect(calls.map(({ prompts }) => prompts)).toEqual([
      [{ name: "greet", version: 1 }],
      [{ name: "greet", version: 1 }],
    ]);
  });

  it("takes the word of a marker over what was rendered", async () => {
    const { client, greet } = await listen();

    await ai.generateText({
      model: model("m", says("x")),
      prompt: greet.format({ name: "Ann" }),
      providerOptions: { rivulet: { prompt: { name: "other", version: 7, alias: "production" } } },
    });

    expect((await client.span("chat m")).prompts).toEqual([
      { name: "other", version: 7, alias: "production" },
    ]);
  });

  it("takes a marker from the runtime context", async () => {
    const { client } = await listen();

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      runtimeContext: { rivulet: { prompt: { name: "other", version: 7 } } },
      telemetry: { includeRuntimeContext: { rivulet: true } },
    });

    expect((await client.span("chat m")).prompts).toEqual([{ name: "other", version: 7 }]);
  });

  it("links prompts in the middleware alone as well", async () => {
    const client = openClient();
    const greet = await client.rivulet.prompts.register({
      name: "greet",
      template: "Greet {{name}} kindly.",
    });
    const wrapped = ai.wrapLanguageModel({
      model: model("m", says("x")),
      middleware: rivuletMiddleware(client.rivulet),
    });

    await ai.generateText({ model: wrapped, prompt: greet.format({ name: "Ann" }) });
    await ai.generateText({
      model: wrapped,
      prompt: "p",
      providerOptions: { rivulet: { prompt: { name: "other", version: 7 } } },
    });

    const calls = await client.spans("chat m");
    expect(calls.map(({ prompts }) => prompts)).toEqual([
      [{ name: "greet", version: 1 }],
      [{ name: "other", version: 7 }],
    ]);
  });

  it("links nothing to a marker that names no version", async () => {
    const { client } = await listen();

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      providerOptions: { rivulet: { prompt: { name: "other", version: "latest" } } },
    });

    expect((await client.span("chat m")).prompts).toBeUndefined();
    expect(client.errors).toEqual([]);
  });
});
