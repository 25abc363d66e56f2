import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import type { Span } from "@rivulet/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { VERSIONS_5, VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { says, saysInChunks } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

type Client = ReturnType<typeof openClient>;

const schema = z.object({ n: z.number() });
const FORMAT = {
  type: "json",
  schema: { type: "object", properties: { n: { type: "number" } } },
};

/** What is recorded of a call of each kind that must answer with a number. */
async function recorded(client: Client, name: string): Promise<[Span["output"], unknown]> {
  const { attributes } = await client.span("chat m");
  return [(await client.span(name)).output, attributes?.["responseFormat"]];
}

function listen(): Client {
  const client = openClient();
  installForTest(rivuletTelemetry(client.rivulet));
  return client;
}

describe.each(VERSIONS_7)("an answer with a schema, of ai $version", ({ ai, model, streaming }) => {
  const given = { model: model("m", says('{"n":1}')), prompt: "p" };
  const streamed = { model: streaming("m", saysInChunks('{"n"', ":1}")), prompt: "p" };

  it.each([
    ["generateText", () => ai.generateText({ ...given, output: ai.Output.object({ schema }) })],
    [
      "streamText",
      () => ai.streamText({ ...streamed, output: ai.Output.object({ schema }) }).consumeStream(),
    ],
    ["generateObject", () => ai.generateObject({ ...given, schema })],
    [
      "streamObject",
      async () => {
        for await (const _ of ai.streamObject({ ...streamed, schema }).partialObjectStream);
      },
    ],
  ])("is the object, and the schema is kept: %s", async (name, call) => {
    const client = listen();
    await call();

    const [output, format] = await recorded(client, name);
    expect(output).toEqual({ n: 1 });
    expect(format).toMatchObject(FORMAT);
  });

  it("keeps the name of the schema", async () => {
    const client = listen();
    await ai.generateObject({ ...given, schema, schemaName: "Number", schemaDescription: "One." });

    expect((await recorded(client, "generateObject"))[1]).toMatchObject({
      ...FORMAT,
      name: "Number",
      description: "One.",
    });
  });

  it.each([
    { of: "a list", text: '{"elements":[{"n":1}]}', expected: [{ n: 1 }] },
    { of: "a choice", text: '{"result":"b"}', expected: "b" },
    { of: "any JSON", text: '{"x":1}', expected: { x: 1 } },
    { of: "text", text: '{"x":1}', expected: '{"x":1}' },
  ] as const)("is what the caller gets: $of", async ({ of, text, expected }) => {
    const outputs = {
      "a list": () => ai.Output.array({ element: schema }),
      "a choice": () => ai.Output.choice({ options: ["a", "b"] }),
      "any JSON": () => ai.Output.json(),
      text: () => ai.Output.text(),
    };
    const client = listen();
    const output = outputs[of]() as never;
    await ai.generateText({ model: model("m", says(text)), prompt: "p", output });

    expect((await client.span("generateText")).output).toEqual(expected);
  });

  it("keeps no schema where inputs are not kept", async () => {
    const client = listen();
    const telemetry = { recordInputs: false };
    await ai.generateText({ ...given, output: ai.Output.object({ schema }), telemetry });
    await ai.generateObject({ ...given, schema, telemetry });

    for (const { attributes } of await client.spans("chat m")) {
      expect(attributes).not.toHaveProperty("responseFormat");
    }
  });
});

describe.each([
  ...VERSIONS_6.map(({ version, ai, model }) => ({
    version,
    generateText: (client: Client) =>
      traceAiSdk(ai, client.rivulet).generateText({
        model: model("m", says('{"n":1}')),
        prompt: "p",
        output: ai.Output.object({ schema }),
      }),
    generateObject: (client: Client) =>
      traceAiSdk(ai, client.rivulet).generateObject({
        model: model("m", says('{"n":1}')),
        prompt: "p",
        schema,
      }),
  })),
  ...VERSIONS_5.map(({ version, ai, model }) => ({
    version,
    generateText: (client: Client) =>
      traceAiSdk(ai, client.rivulet).generateText({
        model: model("m", says('{"n":1}')),
        prompt: "p",
        experimental_output: ai.Output.object({ schema }),
      }),
    generateObject: (client: Client) =>
      traceAiSdk(ai, client.rivulet).generateObject({
        model: model("m", says('{"n":1}')),
        prompt: "p",
        schema,
      }),
  })),
])("an answer with a schema, of traceAiSdk with ai $version", (lab) => {
  it.each(["generateText", "generateObject"] as const)(
    "is the object, and the schema is kept: %s",
    async (name) => {
      const client = openClient();
      await lab[name](client);

      const [output, format] = await recorded(client, name);
      expect(output).toEqual({ n: 1 });
      expect(format).toMatchObject(FORMAT);
    },
  );
});
