import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { asksFor, finish, says, saysInChunks, toolCall } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

function listen(options: Parameters<typeof openClient>[0] = {}) {
  const client = openClient(options);
  installForTest(rivuletTelemetry(client.rivulet));
  return client;
}

const call = { id: "1", name: "look" };

describe.each(VERSIONS_7)("what a call of ai $version runs of its user's", (lab) => {
  const { ai, model, streaming } = lab;
  const models = {
    generateText: () => model("outer", asksFor(call), says("done")),
    streamText: () =>
      streaming("outer", [toolCall(call), finish("tool-calls")], saysInChunks("done")),
  };
  const tools = { look: ai.tool({ inputSchema: z.object({}), execute: async () => "seen" }) };

  /** Runs a call, and waits for its end. */
  async function run(name: "generateText" | "streamText", options: object): Promise<void> {
    const given = { prompt: "p", tools, stopWhen: ai.isStepCount(3), ...options } as const;
    if (name === "generateText") await ai.generateText({ model: models.generateText(), ...given });
    else await ai.streamText({ model: models.streamText(), ...given }).consumeStream();
  }

  /** The names above the spans named `inner`. */
  async function parents(client: ReturnType<typeof openClient>): Promise<string[]> {
    const inner = await client.spans("inner");
    const names: string[] = [];
    for (const { traceId, parentId } of inner) {
      const spans = await client.rivulet.traces.loadSpans(traceId);
      names.push(spans.find(({ id }) => id === parentId)?.name ?? "none");
    }
    return names;
  }

  const HOOKS = ["generateText", "streamText"] as const;

  describe.each(HOOKS)("in %s", (name) => {
    // A stream calls these where it is read, of which the SDK tells nothing.
    const atEnds: [string, string[]][] =
      name === "streamText"
        ? []
        : [
            ["onStepFinish", ["step 1", "step 2"]],
            ["onFinish", ["generateText"]],
          ];
    it.each([["prepareStep", ["step 1", "step 2"]], ["stopWhen", ["step 1"]], ...atEnds] as [
      string,
      string[],
    ][])("is a part of it: %s", async (hook, expected) => {
      const client = listen();
      const work = async (): Promise<undefined> => {
        await Promise.resolve();
        client.rivulet.startSpan("inner").end();
        return undefined;
      };

      await run(name, { [hook]: work });

      const found = await parents(client);
      expect(found).toEqual(expected);
      expect(client.rivulet.activeSpan()).toBe(undefined);
      expect(client.errors).toEqual([]);
    });

    it("is a part of it: repairToolCall, toModelOutput", async () => {
      const client = listen();
      const inner = async (): Promise<void> => {
        await Promise.resolve();
        client.rivulet.startSpan("inner").end();
      };
      const wrong = { ...call, input: '{"a":' };
      const wrongModels = {
        generateText: () => model("outer", asksFor(wrong), says("done")),
        streamText: () =>
          streaming("outer", [toolCall(wrong), finish("tool-calls")], saysInChunks("done")),
      };
      const options = {
        prompt: "p",
        stopWhen: ai.isStepCount(3),
        tools: {
          look: ai.tool({
            inputSchema: z.object({}),
            execute: async () => "seen",
            toModelOutput: async () => {
              await inner();
              return { type: "text" as const, value: "x" };
            },
          }),
        },
        experimental_repairToolCall: async ({ toolCall: given }: { toolCall: object }) => {
          await inner();
          return { ...given, input: "{}" } as never;
        },
      };
      if (name === "generateText") {
        await ai.generateText({ model: wrongModels.generateText(), ...options });
      } else {
        await ai.streamText({ model: wrongModels.streamText(), ...options }).consumeStream();
      }

      const inStep = name === "streamText" ? "none" : "step 1";
      expect(await parents(client)).toEqual(["step 1", inStep]);
    });

    it("ends each step after its last tool", async () => {
      let time = 1_000_000;
      const client = listen({ clock: () => (time += 1) });
      await run(name, {
        tools: {
          look: ai.tool({
            inputSchema: z.object({}),
            execute: async () => {
              await new Promise((resolve) => setTimeout(resolve, 5));
              time += 1_000;
              return "seen";
            },
          }),
        },
      });

      const [tool] = await client.spans("look");
      const [step] = await client.spans("step 1");
      const [next] = await client.spans("step 2");
      expect(tool?.endTime).toBeGreaterThan(1_001_000);
      expect(step?.endTime).toBeGreaterThanOrEqual(tool?.endTime ?? Number.NaN);
      expect(next?.startTime).toBeGreaterThanOrEqual(step?.endTime ?? Number.NaN);
    });
  });

  it("stays apart from that of others at the same time", async () => {
    const client = listen();
    await Promise.all(
      ["a", "b", "c"].map((functionId) =>
        run("generateText", {
          telemetry: { functionId },
          prepareStep: async () => {
            await ai.generateText({ model: model("inner", says("i")), prompt: "n" });
            return {};
          },
        }),
      ),
    );

    const trees = await client.trees();
    expect(trees.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
      "agent a: ok",
      "agent b: ok",
      "agent c: ok",
    ]);
    expect(await parents(client)).toEqual([]);
    expect(await client.spans("chat inner")).toHaveLength(6);
  });

  it("is no part of it when the SDK is told to record nothing", async () => {
    const client = listen();
    await run("generateText", {
      telemetry: { isEnabled: false },
      prepareStep: () => {
        client.rivulet.startSpan("inner").end();
        return {};
      },
    });

    expect(await client.trees()).toBe("unknown inner: ok\nunknown inner: ok");
  });
});

describe.each([...VERSIONS_7, ...VERSIONS_6])("tools with one id with ai $version", (lab) => {
  it.each([{}, { recordInputs: false }])("keep their own results: %j", async (record) => {
    const client = listen();
    const { ai, model } = lab as (typeof VERSIONS_7)[number];
    const late: (() => void)[] = [];
    const tools = {
      look: ai.tool({
        inputSchema: z.object({ at: z.string() }),
        // The first one ends last.
        execute: async ({ at }): Promise<string> => {
          if (at === "a") await new Promise<void>((resolve) => late.push(resolve));
          else setTimeout(() => late.pop()?.(), 5);
          if (at === "c") throw new Error("no c");
          return `seen ${at}`;
        },
      }),
    };
    const calls = ["a", "b", "c"].map((at) => ({
      id: "call_0",
      name: "look",
      input: JSON.stringify({ at }),
    }));

    await ai.generateText({
      model: model("m", asksFor(...calls), says("done")),
      prompt: "p",
      tools,
      stopWhen: lab.version.startsWith("6") ? lab.ai.stepCountIs(3) : ai.isStepCount(3),
      ...(lab.version.startsWith("6") ? {} : { telemetry: record }),
    } as Parameters<typeof ai.generateText>[0]);

    const spans = await client.spans("look");
    const outcomes = spans.map(({ output, statusMessage }) => output ?? statusMessage);
    const isHidden = "recordInputs" in record && !lab.version.startsWith("6");
    expect(outcomes).toEqual([
      "seen a",
      "seen b",
      isHidden ? "The message is not recorded." : "no c",
    ]);
    expect(spans.map(({ status }) => status)).toEqual(["ok", "ok", "error"]);
  });
});
