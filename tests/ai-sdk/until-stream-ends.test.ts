import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { type Lab6, VERSIONS_5, VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { opening, saysInChunks } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

const labs = [
  ...VERSIONS_7.map((lab) => ({ ...(lab as unknown as Lab6), major: 7 })),
  // The oldest tells no aborts.
  ...[...VERSIONS_6, ...(VERSIONS_5 as unknown as Lab6[]).slice(0, 1)].map((lab) => ({
    ...lab,
    major: 6,
  })),
];

describe.each(labs)("a span around a stream of ai $version", ({ ai, streaming, major }) => {
  function listen() {
    const client = openClient();
    if (major === 7) installForTest(rivuletTelemetry(client.rivulet));
    const sdk = major === 7 ? ai : traceAiSdk(ai, client.rivulet);
    const stream = <T>(work: () => T): T =>
      client.rivulet.withSpan("answer", work, { untilStreamEnds: true });
    const status = async () => (await client.span("answer")).status;
    return { client, sdk, stream, status };
  }

  it.each([
    ["its text", (result: Result) => collect(result.textStream)],
    ["all of it", (result: Result) => collect(result.fullStream)],
    ["the response", async (result: Result) => result.toTextStreamResponse().text()],
    ["its promises", async (result: Result) => result.consumeStream().then(() => result.text)],
  ])("ends with the stream when the app reads %s", async (_, read) => {
    const { client, sdk, stream, status } = listen();
    const model = streaming("m", saysInChunks("Hello ", "world"));
    const result = stream(() => sdk.streamText({ model, prompt: "p" }));

    expect(await status()).toBe("in_progress");
    await read(result);

    expect(await status()).toBe("ok");
    expect((await client.trees()).split("\n").slice(0, 2)).toEqual([
      "unknown answer: ok",
      "  chain streamText: ok",
    ]);
    const outer = await client.span("answer");
    const inner = await client.span("chat m");
    expect(outer.endTime).toBeGreaterThanOrEqual(inner.endTime ?? Number.NaN);
  });

  it("is an error when the stream has one", async () => {
    const { sdk, stream, status } = listen();
    const chunks = [...opening("Half"), { type: "error" as const, error: new Error("broke") }];
    const result = stream(() =>
      sdk.streamText({ model: streaming("m", chunks), prompt: "p", onError: () => undefined }),
    );
    await collect(result.fullStream);

    expect(await status()).toBe("error");
  });

  it("is cancelled when the app stops the stream", async () => {
    const { sdk, stream, status } = listen();
    const stop = new AbortController();
    const result = stream(() =>
      sdk.streamText({
        model: streaming("m", saysInChunks("one", "two", "three")),
        prompt: "p",
        abortSignal: stop.signal,
      }),
    );
    for await (const part of result.fullStream) if (part.type === "text-delta") stop.abort();

    expect(await status()).toBe("cancelled");
  });

  it("ends with the object of streamObject", async () => {
    const { sdk, stream, status } = listen();
    const model = streaming("m", saysInChunks('{"a"', ":1}"));
    const schema = z.object({ a: z.number() });
    const result = stream(() => sdk.streamObject({ model, prompt: "p", schema }));

    expect(await status()).toBe("in_progress");
    await collect(result.partialObjectStream);

    expect([await status(), await result.object]).toEqual(["ok", { a: 1 }]);
  });
});

type Result = ReturnType<Lab6["ai"]["streamText"]>;

async function collect(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _part of stream);
}
