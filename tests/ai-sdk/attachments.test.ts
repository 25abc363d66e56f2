import { hash } from "node:crypto";
import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import type { Rivulet } from "@rivulet/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient } from "./support/client.ts";
import { type Lab6, VERSIONS_5, VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says } from "./support/mock-content.ts";

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** Bytes of no pattern, of which no base64 is like another's. */
function bytesOf(seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length: 3_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state >> 16;
    }),
  );
}

const mediaType = "image/png";
const files: Buffer[] = [];

/** A file like no other, in every spelling. */
function newFile() {
  const bytes = bytesOf(files.length + 1);
  files.push(bytes);
  const base64 = bytes.toString("base64");
  return { bytes, base64, url: `data:${mediaType};base64,${base64}` };
}

type File = ReturnType<typeof newFile>;
type Since = 5 | 6 | 7;
type Form = readonly [form: string, since: Since, give: (file: File) => object];

const inData = (data: object) => ({ type: "file", mediaType, data });

/** Files that a user sends. */
const ASKED: readonly Form[] = [
  ["an image as base64", 5, ({ base64 }) => ({ type: "image", image: base64 })],
  ["an image as a data URL", 5, ({ url }) => ({ type: "image", image: url })],
  ["an image as a URL object", 5, ({ url }) => ({ type: "image", image: new URL(url) })],
  ["an image as bytes", 5, ({ bytes }) => ({ type: "image", image: bytes })],
  [
    "an image as an ArrayBuffer",
    5,
    ({ bytes }) => ({ type: "image", image: new Uint8Array(bytes).buffer }),
  ],
  ["a file as base64", 5, ({ base64 }) => ({ type: "file", data: base64, mediaType })],
  ["a file as a data URL", 5, ({ url }) => ({ type: "file", data: url, mediaType })],
  ["a file as a URL object", 5, ({ url }) => ({ type: "file", data: new URL(url), mediaType })],
  ["a file as bytes", 5, ({ bytes }) => ({ type: "file", data: bytes, mediaType })],
  ["a file with its data", 7, ({ base64 }) => inData({ type: "data", data: base64 })],
  ["a file with its bytes", 7, ({ bytes }) => inData({ type: "data", data: bytes })],
  ["a file with a URL", 7, ({ url }) => inData({ type: "url", url: new URL(url) })],
];

const content = (...value: readonly unknown[]) => ({
  toModelOutput: () => ({ type: "content", value }),
});

/** Files that tools give. */
const SEEN: readonly Form[] = [
  ["bytes of its own", 5, ({ bytes }) => ({ execute: () => ({ data: bytes, mediaType }) })],
  ["data of MCP's shape", 5, ({ base64 }) => ({ execute: () => ({ data: base64, mediaType }) })],
  [
    "content of MCP",
    5,
    ({ base64: data }) => ({
      execute: () => ({ content: [{ type: "image", data, mimeType: mediaType }] }),
    }),
  ],
  ["a data URL", 5, ({ url }) => ({ execute: () => ({ url }) })],
  ["media", 5, ({ base64: data }) => content({ type: "media", data, mediaType })],
  ["image-data", 6, ({ base64: data }) => content({ type: "image-data", data, mediaType })],
  ["file-data", 6, ({ base64: data }) => content({ type: "file-data", data, mediaType })],
  ["image-url", 6, ({ url }) => content({ type: "image-url", url })],
  ["file-url", 6, ({ url }) => content({ type: "file-url", url, mediaType })],
  ["a file", 7, ({ base64 }) => content(inData({ type: "data", data: base64 }))],
  ["a file with a URL object", 7, ({ url }) => content(inData({ type: "url", url: new URL(url) }))],
];

interface Lab {
  readonly version: string;
  readonly major: Since;
  readonly ai: Lab6["ai"];
  readonly model: Lab6["model"];
  /** The functions to call, and what a call needs besides. */
  readonly traced: (rivulet: Rivulet) => { generateText: Lab6["ai"]["generateText"]; more: object };
}

const labs: readonly Lab[] = [
  ...VERSIONS_7.map((lab) => ({
    ...(lab as unknown as Lab6),
    major: 7 as const,
    traced: (rivulet: Rivulet) => ({
      generateText: lab.ai.generateText as unknown as Lab6["ai"]["generateText"],
      more: { telemetry: { integrations: [rivuletTelemetry(rivulet)] } },
    }),
  })),
  ...[...VERSIONS_6, ...(VERSIONS_5 as unknown as Lab6[]).slice(0, 1)].map((lab) => ({
    ...lab,
    major: Number(lab.version[0]) as Since,
    traced: (rivulet: Rivulet) => ({
      generateText: traceAiSdk(lab.ai, rivulet).generateText,
      more: {},
    }),
  })),
];

describe.each(labs)("files of a loop with ai $version", ({ ai, model, major, traced }) => {
  it("are attachments in every form and step, and no base64 is left", async () => {
    const client = openClient();
    const { generateText, more } = traced(client.rivulet);
    const given = new Map<string, File>();
    const inForm = ([form, since, give]: Form): object[] => {
      if (since > major) return [];
      const file = newFile();
      given.set(form, file);
      return [give(file)];
    };
    const parts = ASKED.flatMap(inForm);
    const tools = SEEN.flatMap(inForm).map((own) =>
      ai.tool({ inputSchema: z.object({}), execute: async () => "seen", ...own } as never),
    );
    const asking = asksFor(...tools.map((_, index) => ({ id: `${index}`, name: `tool${index}` })));
    const [said] = inForm(["a file of the model's", 5, (file) => saidBy(major, file)]);

    await generateText({
      model: model("m", { ...asking, content: [said as never, ...asking.content] }, says("x")),
      messages: [{ role: "user", content: [{ type: "text", text: "Look" }, ...parts] as never }],
      tools: Object.fromEntries(tools.map((tool, index) => [`tool${index}`, tool])) as never,
      stopWhen: ({ steps }: { steps: unknown[] }) => steps.length === 2,
      ...more,
      ...{ experimental_download: noDownloads },
    });

    const calls = await client.spans("chat m");
    const spans = await client.rivulet.traces.loadSpans(calls[0]?.traceId ?? "");
    const texts = [JSON.stringify(spans), JSON.stringify(calls.at(-1)?.input)] as const;
    expect([...given].filter(([, file]) => isSpelt(file, texts[0])).map(([form]) => form)).toEqual(
      [],
    );
    // Every one of them goes to the model in the last step.
    const lost = [...given].filter(([, { bytes }]) => !texts[1].includes(hash("sha256", bytes)));
    expect(lost.map(([form]) => form)).toEqual([]);
    expect(given.size).toBe({ 5: 15, 6: 19, 7: 24 }[major]);
    expect(client.errors).toEqual([]);
  });
});

function isSpelt({ base64 }: File, text: string): boolean {
  return [0, 1_000, 2_000].some((start) => text.includes(base64.slice(start, start + 60)));
}

/** A file as models of each specification give it. */
function saidBy(major: Since, { base64 }: File): object {
  const data = major === 7 ? { type: "data", data: base64 } : base64;
  return { type: "file", mediaType, data };
}

function noDownloads(files: readonly unknown[]): Promise<null[]> {
  return Promise.resolve(files.map(() => null));
}
