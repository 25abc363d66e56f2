import { rivuletTelemetry, traceAiSdk, traceIdOf } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { VERSIONS_6, VERSIONS_6_AND_5, VERSIONS_7 } from "./support/labs.ts";
import { says, saysInChunks } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

function listen() {
  const client = openClient();
  installForTest(rivuletTelemetry(client.rivulet));
  return client;
}

describe.each(VERSIONS_7)("the trace of a call of ai $version", ({ ai, model, streaming }) => {
  it("is known by its result and in its callbacks", async () => {
    const client = listen();
    const told: (string | undefined)[] = [];
    const tell = (event: unknown): void => void told.push(traceIdOf(event));
    const result = await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      onStepFinish: tell,
      onFinish: tell,
    });

    const { traceId } = await client.span("chat m");
    expect([traceIdOf(result), ...told]).toEqual([traceId, traceId, traceId]);
  });

  it("is known of a stream at its end, and the stream is not read for it", async () => {
    const client = listen();
    const told: (string | undefined)[] = [];
    const result = ai.streamText({
      model: streaming("m", saysInChunks("a", "b")),
      prompt: "p",
      onFinish: (event) => void told.push(traceIdOf(event)),
    });
    expect(traceIdOf(result)).toBe(undefined);
    await result.consumeStream();

    const { traceId } = await client.span("chat m");
    expect([...told, traceIdOf((await result.steps)[0])]).toEqual([traceId, traceId]);
  });
});

describe.each(VERSIONS_6)("the trace of a call of ai $version", ({ ai, model }) => {
  it("is known by its result", async () => {
    const client = listen();
    const result = await ai.generateText({ model: model("m", says("x")), prompt: "p" });

    expect(traceIdOf(result)).toBe((await client.span("chat m")).traceId);
  });
});

describe.each(VERSIONS_6_AND_5)("the trace of a call of traceAiSdk, ai $version", (lab) => {
  it("is known by its result and in its callbacks", async () => {
    const client = openClient();
    const ai = traceAiSdk(lab.ai, client.rivulet);
    const told: (string | undefined)[] = [];
    const tell = (event: unknown): void => void told.push(traceIdOf(event));
    const result = await ai.generateText({
      model: lab.model("m", says("x")),
      prompt: "p",
      onStepFinish: tell,
    });

    const { traceId } = await client.span("chat m");
    expect([traceIdOf(result), ...told]).toEqual([traceId, traceId]);
  });

  it("is known of a stream that has begun, and at its end", async () => {
    const client = openClient();
    const ai = traceAiSdk(lab.ai, client.rivulet);
    const told: (string | undefined)[] = [];
    const result = ai.streamText({
      model: lab.streaming("m", saysInChunks("a", "b")),
      prompt: "p",
      onFinish: (event) => void told.push(traceIdOf(event)),
    });
    await result.consumeStream();

    const { traceId } = await client.span("chat m");
    expect([traceIdOf(result), ...told]).toEqual([traceId, traceId]);
  });
});

it("there is no trace of what is no call", () => {
  expect([undefined, "x", {}, { callId: "unknown" }].map(traceIdOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
