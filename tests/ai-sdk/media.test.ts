import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import type { MessagePart } from "@rivulet/core";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { VERSIONS_5, VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { says } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").toString("base64");
const DATA_URL = `data:image/png;base64,${PNG}`;
const IMAGE = { type: "media", kind: "image", mediaType: "image/png", data: PNG };

/** One telling for all versions: their types differ, and what is told does not. */
interface Lab {
  readonly version: string;
  ask(messages: unknown): Promise<readonly MessagePart[]>;
  readonly convert: (messages: never) => unknown;
}

const labs: readonly Lab[] = [
  ...VERSIONS_7.map(
    ({ version, ai, model }): Lab => ({
      version,
      convert: ai.convertToModelMessages,
      ask: (messages) =>
        recorded((rivulet) => {
          installForTest(rivuletTelemetry(rivulet));
          return ai.generateText({
            model: model("m", says("x")),
            messages: messages as never,
            experimental_download: noDownloads,
          });
        }),
    }),
  ),
  ...VERSIONS_6.map(
    ({ version, ai, model }): Lab => ({
      version,
      convert: ai.convertToModelMessages,
      ask: (messages) =>
        recorded((rivulet) => {
          installForTest(rivuletTelemetry(rivulet));
          return ai.generateText({
            model: model("m", says("x")),
            messages: messages as never,
            experimental_download: noDownloads,
          });
        }),
    }),
  ),
  // The oldest would download the files itself.
  ...VERSIONS_5.slice(0, 1).map(
    ({ version, ai, model }): Lab => ({
      version,
      convert: ai.convertToModelMessages,
      ask: (messages) =>
        recorded((rivulet) =>
          traceAiSdk(ai, rivulet).generateText({
            model: model("m", says("x")),
            messages: messages as never,
            ...{ experimental_download: noDownloads },
          }),
        ),
    }),
  ),
];

function noDownloads(files: readonly unknown[]): Promise<null[]> {
  return Promise.resolve(files.map(() => null));
}

type Client = ReturnType<typeof openClient>["rivulet"];

/** The parts of the last message that went to the model. */
async function recorded(call: (rivulet: Client) => Promise<unknown>) {
  const client = openClient();
  await call(client.rivulet);
  const { input } = await client.span("chat m");
  const { messages } = input as unknown as { messages: { content: readonly MessagePart[] }[] };
  return messages.at(-1)?.content ?? [];
}

describe.each(labs)("files in a conversation with ai $version", ({ ask, convert, version }) => {
  it("are files when a chat in the browser has sent them", async () => {
    const parts = [
      { type: "text", text: "Look" },
      { type: "file", mediaType: "image/png", filename: "a.png", url: DATA_URL },
      { type: "file", mediaType: "application/pdf", url: "https://files.test/a.pdf" },
    ];
    const messages = await convert([{ id: "1", role: "user", parts }] as never);

    expect(await ask(messages)).toEqual([
      { type: "text", text: "Look" },
      { ...IMAGE, name: "a.png" },
      {
        type: "media",
        kind: "document",
        mediaType: "application/pdf",
        url: "https://files.test/a.pdf",
      },
    ]);
  });

  it.each([
    ["a data URL", { type: "image", image: DATA_URL }],
    ["a URL object", { type: "image", image: new URL(DATA_URL) }],
    ["a file's URL object", { type: "file", data: new URL(DATA_URL), mediaType: "image/png" }],
    ["base-64", { type: "file", data: PNG, mediaType: "image/png" }],
    ["bytes", { type: "file", data: Buffer.from(PNG, "base64"), mediaType: "image/png" }],
  ])("are files when they are given as %s", async (_, part) => {
    const parts = await ask([{ role: "user", content: [{ type: "text", text: "a" }, part] }]);

    expect(parts[1]).toMatchObject({ type: "media", kind: "image", mediaType: "image/png" });
    expect(JSON.stringify(parts)).not.toContain("[object");
    expect(parts[1]).not.toHaveProperty("extra");
  });

  const others = version === "7.0.0" ? [] : [5];
  const since6 = version.startsWith("5") ? [] : [6];
  const since7 = version.startsWith("7") ? [7] : [];
  const media = { type: "media", kind: "image", mediaType: "image/png" };
  type Row = [part: object, stored: object];
  it.each<Row>([
    ...others.map((): Row => [{ type: "media", data: PNG, mediaType: "image/png" }, IMAGE]),
    ...since6.flatMap((): Row[] => [
      [{ type: "image-data", data: PNG, mediaType: "image/png" }, IMAGE],
      [
        { type: "file-data", data: PNG, mediaType: "application/pdf", filename: "f.pdf" },
        { ...IMAGE, kind: "document", mediaType: "application/pdf", name: "f.pdf" },
      ],
      [
        { type: "image-url", url: "https://files.test/i.png" },
        { type: "media", kind: "image", url: "https://files.test/i.png" },
      ],
      [
        { type: "file-id", fileId: "file-1" },
        { type: "media", kind: "document", fileId: "file-1" },
      ],
      [
        { type: "custom", providerOptions: { x: { y: 1 } } },
        { type: "data", value: { type: "custom", providerOptions: { x: { y: 1 } } } },
      ],
    ]),
    ...since7.flatMap((): Row[] => [
      [{ type: "file", mediaType: "image/png", data: { type: "data", data: PNG } }, IMAGE],
      [
        { type: "file", mediaType: "image/png", data: { type: "url", url: new URL(DATA_URL) } },
        IMAGE,
      ],
      [
        {
          type: "file",
          mediaType: "image/png",
          data: { type: "reference", reference: { openai: "f" } },
        },
        { ...media, extra: { data: { reference: { openai: "f" } } } },
      ],
      [
        { type: "file", mediaType: "text/plain", data: { type: "text", text: "hello" } },
        { type: "media", kind: "document", mediaType: "text/plain", text: "hello" },
      ],
    ]),
  ])("are files in the answer of a tool: %j", async (part, stored) => {
    const value = [{ type: "text", text: "Seen:" }, part];

    expect(await ask(toolAnswer({ type: "content", value }))).toEqual([
      {
        type: "tool_result",
        id: "1",
        name: "look",
        content: [{ type: "text", text: "Seen:" }, stored],
      },
    ]);
  });

  it.each([
    [{ content: [{ type: "image", data: PNG, mimeType: "image/png" }] }, [IMAGE]],
    [{ data: PNG, mediaType: "image/png" }, [IMAGE]],
    [
      { data: "in words", mediaType: "text/plain" },
      [{ type: "data", value: { data: "in words", mediaType: "text/plain" } }],
    ],
  ])("are files in the answer of a tool of MCP: %j", async (value, content) => {
    expect(await ask(toolAnswer({ type: "json", value }))).toEqual([
      { type: "tool_result", id: "1", name: "look", content },
    ]);
  });
});

function toolAnswer(output: unknown): unknown {
  const call = { toolCallId: "1", toolName: "look" };
  return [
    { role: "user", content: "p" },
    { role: "assistant", content: [{ ...call, type: "tool-call", input: {} }] },
    { role: "tool", content: [{ ...call, type: "tool-result", output }] },
  ];
}
