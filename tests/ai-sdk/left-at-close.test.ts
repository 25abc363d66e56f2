import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { createRivulet, openStore } from "@rivulet/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { VERSIONS_7 } from "./support/labs.ts";
import { opening, streamOf } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_7)("a stream of ai $version when the client is closed", (lab) => {
  it("is closed as abandoned with what has come of it", async () => {
    const store = await openStore("memory:");
    onTestFinished(() => store.close());
    const shared = { ...store, close: () => Promise.resolve() };
    const rivulet = createRivulet({ store: shared });
    installForTest(rivuletTelemetry(rivulet));
    const never = new Promise<void>(() => undefined);
    const model = lab.streaming("m", () => streamOf(opening("Half an ", "answer"), () => never));
    const { textStream } = lab.ai.streamText({ model, prompt: "p" });
    const reader = textStream.getReader();
    let text = "";
    while (text !== "Half an answer") text += (await reader.read()).value;

    await rivulet.close();

    const reading = createRivulet({ store: shared });
    onTestFinished(() => reading.close());
    const { items } = await reading.traces.search();
    const spans = await reading.traces.loadSpans(items[0]?.id ?? "");
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ["streamText", "abandoned"],
      ["step 1", "abandoned"],
      ["chat m", "abandoned"],
    ]);
    expect(spans[2]).toMatchObject({
      output: { messages: [{ role: "assistant", content: "Half an answer" }] },
      statusMessage: "The client was closed before the end.",
    });
  });
});
