import { hash } from "node:crypto";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says, saysInChunks } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

/** The hash of 2,048 zeros. */
const ZEROS = hash("sha256", new Uint8Array(2048));
/** What is noted of an error that could repeat what must not be kept. */
const LEFT_OUT = { message: "The message is not recorded.", stack: undefined };

describe.each(VERSIONS_7)("what ai $version lets be recorded", ({ ai, model, streaming }) => {
  function listen(options: Parameters<typeof rivuletTelemetry>[1] = {}) {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet, options));
    return client;
  }

  const tools = {
    look: ai.tool({ inputSchema: z.object({ q: z.string() }), execute: async () => "OUTPUT" }),
  };
  const chatty = () =>
    model("m", asksFor({ id: "1", name: "look", input: '{"q":"INPUT"}' }), says("OUTPUT"));

  it("records nothing of a call with isEnabled: false", async () => {
    const client = listen();

    await ai.generateText({ model: chatty(), prompt: "INPUT", telemetry: { isEnabled: false } });

    expect(await client.trees()).toBe("");
  });

  it("is named by functionId", async () => {
    const client = listen();

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      telemetry: { functionId: "greet" },
    });

    expect(await client.trees()).toMatch(/^chain greet: ok\n/);
  });

  it.each([
    ["the call", { recordInputs: false }, {}],
    ["the options", {}, { recordInputs: false }],
  ])("keeps no inputs when %s says so", async (_, telemetry, options) => {
    const client = listen(options);

    await ai.generateText({
      model: chatty(),
      prompt: "INPUT",
      tools,
      stopWhen: ai.isStepCount(2),
      telemetry,
    });

    const spans = await Promise.all(["generateText", "look"].map((name) => client.span(name)));
    expect(spans.map(({ input }) => input)).toEqual([undefined, undefined]);
    const calls = await client.spans("chat m");
    expect(calls.map(({ input }) => input)).toEqual([undefined, undefined]);
    expect(calls.at(-1)?.output).toEqual({ messages: [{ role: "assistant", content: "OUTPUT" }] });
  });

  it.each([
    ["the call", { recordOutputs: false }, {}],
    ["the options", {}, { recordOutputs: false }],
  ])("keeps no outputs when %s says so", async (_, telemetry, options) => {
    const client = listen(options);

    await ai.generateText({
      model: chatty(),
      prompt: "INPUT",
      tools,
      stopWhen: ai.isStepCount(2),
      telemetry,
    });
    await ai
      .streamText({ model: streaming("s", saysInChunks("OUTPUT")), prompt: "INPUT", telemetry })
      .consumeStream();

    const names = ["generateText", "look", "streamText", "chat m", "chat s"];
    const spans = await Promise.all(names.map((name) => client.spans(name)));
    expect(spans.flat().map(({ output }) => output)).toEqual(Array(6).fill(undefined));
    expect((await client.span("streamText")).input).toEqual({
      messages: [{ role: "user", content: "INPUT" }],
    });
  });

  it("keeps no message of an error that could repeat what must not be kept", async () => {
    const client = listen();
    const leaking = model("m", () => {
      throw new TypeError("cannot answer INPUT");
    });

    await expect(
      ai.generateText({
        model: leaking,
        prompt: "INPUT",
        maxRetries: 0,
        telemetry: { recordInputs: false },
      }),
    ).rejects.toThrow();

    const trees = await client.trees();
    expect(trees).toMatch(/chat_model chat m: error \(The message is not recorded\.\)/);
    for (const name of ["generateText", "step 1", "chat m"]) {
      expect(JSON.stringify(await client.span(name))).not.toContain("INPUT");
    }
  });

  it.each([
    ["all of it", {}, { message: "cannot answer INPUT", stack: expect.stringContaining("INPUT") }],
    ["its type alone without outputs", { recordOutputs: false }, LEFT_OUT],
    ["its type alone without inputs", { recordInputs: false }, LEFT_OUT],
  ])("notes an error's fields as far as they may be kept: %s", async (_, telemetry, noted) => {
    const client = listen();
    const leaking = model("m", () => {
      throw new TypeError("cannot answer INPUT");
    });

    await ai
      .generateText({ model: leaking, prompt: "INPUT", maxRetries: 0, telemetry })
      .catch(() => undefined);

    const [call] = await client.spans("chat m");
    const attributes = call?.events.find(({ name }) => name === "exception")?.attributes ?? {};
    expect({
      message: attributes["exception.message"],
      stack: attributes["exception.stacktrace"],
      type: attributes["exception.type"],
    }).toEqual({ type: "TypeError", ...noted });
  });

  it("takes session and user from a marker", async () => {
    const client = listen();

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      providerOptions: { rivulet: { sessionId: "chat-1", userId: "ann" } },
    });
    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      runtimeContext: { rivulet: { sessionId: "chat-2" } },
      telemetry: { includeRuntimeContext: { rivulet: true } },
    });

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    const marked = items.map(({ sessionId, userId }) => ({ sessionId, userId }));
    expect(marked).toContainEqual({ sessionId: "chat-1", userId: "ann" });
    expect(marked).toContainEqual({ sessionId: "chat-2", userId: undefined });
  });

  it("goes to the experiment of the options", async () => {
    const client = listen({ experimentId: "chat app" });

    await ai.generateText({ model: model("m", says("x")), prompt: "p" });

    const { id } = await client.rivulet.experiments.ensure("chat app");
    expect((await client.span("chat m")).experimentId).toBe(id);
  });

  it("keeps bytes of files apart, unless they are few", async () => {
    const client = listen();

    await ai.generateText({
      model: model("m", says("x")),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "file", mediaType: "image/png", data: new Uint8Array(2048) },
            { type: "file", mediaType: "application/pdf", data: "QUJD", filename: "a.pdf" },
          ],
        },
      ],
    });

    expect((await client.span("chat m")).input).toEqual({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "media", kind: "image", mediaType: "image/png", hash: ZEROS, size: 2048 },
            {
              type: "media",
              kind: "document",
              mediaType: "application/pdf",
              name: "a.pdf",
              data: "QUJD",
            },
          ],
        },
      ],
    });
  });

  it.each([
    ["a gateway, as text", { gateway: { cost: "0.0123" } }, 0.0123],
    ["a gateway, as a number", { gateway: { cost: 0.5 } }, 0.5],
    ["OpenRouter", { openrouter: { usage: { cost: 0.002 } } }, 0.002],
    [
      "a gateway in front of OpenRouter",
      { gateway: { cost: "0.2" }, openrouter: { usage: { cost: 0.1 } } },
      0.2,
    ],
    ["nobody", { openai: { cost: 1 }, gateway: {} }, undefined],
    ["a gateway, not as a price", { gateway: { cost: "free" } }, undefined],
    ["a gateway, as nothing", { gateway: { cost: "" } }, undefined],
  ])("takes the price that is said by %s", async (_, providerMetadata, cost) => {
    const client = listen();
    const priced = model("m", { ...says("x"), providerMetadata } as ReturnType<typeof says>);

    await ai.generateText({ model: priced, prompt: "p" });

    expect((await client.span("chat m")).cost).toBe(cost);
    expect(await client.trees()).toBe(tree`
      chain generateText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });
});
