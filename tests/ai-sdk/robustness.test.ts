import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says, saysInChunks, streamOf } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

/** A client all of whose methods throw. */
function brokenClient(): Rivulet {
  return new Proxy({} as Rivulet, {
    get: () => () => {
      throw new Error("Rivulet is broken");
    },
  });
}

describe.each(VERSIONS_7)(
  "a broken Rivulet under ai $version",
  ({ ai, model, streaming, mocks }) => {
    const tools = { noop: ai.tool({ inputSchema: z.object({}), execute: async () => 1 }) };

    async function everything() {
      const loop = await ai.generateText({
        model: model("m", asksFor({ id: "1", name: "noop" }), says("x")),
        prompt: "p",
        tools,
        stopWhen: ai.isStepCount(2),
      });
      const streamed = ai.streamText({ model: streaming("s", saysInChunks("y")), prompt: "p" });
      const { embedding } = await ai.embed({
        model: new mocks.MockEmbeddingModelV4({
          doEmbed: async () => ({ embeddings: [[1]], usage: { tokens: 1 }, warnings: [] }),
        }),
        value: "v",
      });
      return [loop.text, await streamed.text, embedding];
    }

    it("gives the user the same answers when every method of the client throws", async () => {
      installForTest(rivuletTelemetry(brokenClient()));

      expect(await everything()).toEqual(["x", "y", [1]]);
    });

    it("gives the user the same answers when the store cannot be opened and onError throws", async () => {
      const rivulet = createRivulet({
        store: "nonsense://store",
        onError: () => {
          throw new Error("onError is broken");
        },
      });
      installForTest(rivuletTelemetry(rivulet));

      expect(await everything()).toEqual(["x", "y", [1]]);
      await rivulet.close();
    });

    it("gives the user the same answers when values cannot be read", async () => {
      const client = openClient();
      installForTest(rivuletTelemetry(client.rivulet));
      const trap = new Proxy(
        { role: "user", content: "p" },
        {
          get(target, name, receiver) {
            const asked = new Error().stack ?? "";
            if (asked.includes("packages/ai-sdk")) throw new Error("unreadable");
            return Reflect.get(target, name, receiver);
          },
        },
      ) as { role: "user"; content: string };

      const { text } = await ai.generateText({ model: model("m", says("x")), messages: [trap] });

      expect(text).toBe("x");
      expect(client.errors.map(({ message }) => message)).toContain("unreadable");
    });

    it("gives the user the same answers when the client is closed", async () => {
      const client = openClient();
      installForTest(rivuletTelemetry(client.rivulet));
      await client.rivulet.close();

      expect(await everything()).toEqual(["x", "y", [1]]);
    });

    it("gives the user the same answers through the middleware", async () => {
      const wrap = (wrapped: ReturnType<typeof model>) =>
        ai.wrapLanguageModel({ model: wrapped, middleware: rivuletMiddleware(brokenClient()) });

      const { text } = await ai.generateText({ model: wrap(model("m", says("x"))), prompt: "p" });
      const streamed = ai.streamText({
        model: wrap(streaming("s", () => streamOf(saysInChunks("y")))),
        prompt: "p",
      });

      expect([text, await streamed.text]).toEqual(["x", "y"]);
    });

    it("ignores events of calls that it has not seen start", () => {
      const client = openClient();
      const telemetry = rivuletTelemetry(client.rivulet);

      for (const event of [{ callId: "unknown" }, {}, undefined, null, 1, "text"]) {
        telemetry.onStepError(event);
        telemetry.onToolExecutionEnd(event);
        telemetry.onEnd(event);
        telemetry.onAbort(event);
        telemetry.onError(event);
        telemetry.onEmbedEnd(event);
        telemetry.onObjectStepEnd(event);
      }

      expect(client.errors).toEqual([]);
    });
  },
);

describe.each(VERSIONS_6)("a broken Rivulet under ai $version", ({ ai, model }) => {
  it("gives the user the same answers when every method of the client throws", async () => {
    installForTest(rivuletTelemetry(brokenClient()));

    const { text } = await ai.generateText({ model: model("m", says("x")), prompt: "p" });

    expect(text).toBe("x");
  });
});
