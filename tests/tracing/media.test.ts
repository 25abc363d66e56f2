import { hash } from "node:crypto";
import {
  type Attachment,
  createRivulet,
  type JsonValue,
  type Rivulet,
  type RivuletOptions,
} from "@rivulet/core";
import { readMessages } from "@rivulet/domain/messages";
import { expect, onTestFinished, test } from "vitest";

/** A picture, as far as its first bytes say. */
const PNG = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d", "hex"),
  Buffer.alloc(2000, "png"),
]);
const BASE64 = PNG.toString("base64");
const HASH = hash("sha256", PNG);
const STORED = { type: "media", kind: "image", mediaType: "image/png", hash: HASH, size: 2012 };
const VIEW = new Uint8Array(PNG);
/** The same between others. */
const AMONG = new Uint8Array([1, 2, 3, ...PNG, 4]);
const SHARED = new SharedArrayBuffer(PNG.byteLength);
new Uint8Array(SHARED).set(PNG);

function aClient(options: RivuletOptions = {}): Rivulet {
  const rivulet = createRivulet({ store: "memory:", ...options });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

/** Records a span with an input. Returns the input as it was stored, and the files of the trace. */
async function record(
  rivulet: Rivulet,
  input: unknown,
): Promise<{ readonly input: JsonValue | undefined; readonly files: readonly Attachment[] }> {
  const span = rivulet.startSpan("look", { input });
  span.end();
  await rivulet.flush();
  const [stored] = await rivulet.traces.loadSpans(span.traceId);
  return { input: stored?.input, files: await rivulet.traces.listAttachments(span.traceId) };
}

test.each<readonly [string, unknown, unknown]>([
  ["a buffer", PNG, STORED],
  ["a view", VIEW, STORED],
  ["a view of other numbers", new Int16Array(VIEW.buffer), STORED],
  ["an array buffer", VIEW.buffer, STORED],
  ["a buffer that threads share", SHARED, STORED],
  ["a data view", new DataView(VIEW.buffer), STORED],
  ["a data view of a part", new DataView(AMONG.buffer, 3, 2012), STORED],
  ["a buffer that was made JSON", PNG.toJSON(), STORED],
  ["a data URL", `data:image/png;base64,${BASE64}`, STORED],
  [
    "a data URL of something else",
    `data:text/x-notes;charset=utf-8;base64,${BASE64}`,
    { ...STORED, kind: "document", mediaType: "text/x-notes" },
  ],
  ["base-64 with the beginning of a picture", { shot: BASE64 }, { shot: STORED }],
  ["base-64 in lines", { shot: BASE64.replaceAll(/.{76}/g, "$&\n") }, { shot: STORED }],
  [
    "base-64 beside its type",
    { data: BASE64, mime_type: "audio/pcm" },
    { data: { ...STORED, kind: "audio", mediaType: "audio/pcm" }, mime_type: "audio/pcm" },
  ],
  [
    "a part of a message",
    { type: "media", kind: "image", name: "a.png", data: BASE64 },
    { ...STORED, name: "a.png" },
  ],
  ["a part of a message with bytes", { type: "media", kind: "image", data: VIEW }, STORED],
  [
    "bytes in an answer of a tool",
    { content: [{ type: "image", data: BASE64, mimeType: "image/png" }] },
    { content: [{ type: "image", data: STORED, mimeType: "image/png" }] },
  ],
  [
    "a retrieved document",
    [{ pageContent: "x", metadata: { scan: PNG } }],
    [{ pageContent: "x", metadata: { scan: STORED } }],
  ],
  [
    "a data URL in a text",
    `See ![it](data:image/png;base64,${BASE64})`,
    `See ![it](attachment:${HASH})`,
  ],
  [
    "a data URL in JSON in a text",
    JSON.stringify({ url: `data:image/png;base64,${BASE64}` }),
    `{"url":"attachment:${HASH}"}`,
  ],
])("the bytes of %s leave the span and are kept as they are", async (_, given, expected) => {
  const rivulet = aClient();
  const { input, files } = await record(rivulet, given);
  expect(input).toEqual(expected);
  expect(files).toMatchObject([{ hash: HASH, size: 2012, state: "stored" }]);
  const { content } = await rivulet.traces.getAttachment(HASH);
  expect(Buffer.from(content).equals(PNG)).toBe(true);
});

test.each<readonly [string, unknown, unknown]>([
  [
    "few bytes",
    { id: Buffer.from("abc") },
    { id: { type: "media", kind: "document", data: "YWJj", size: 3 } },
  ],
  ["a small data URL", "data:image/png;base64,iVBORw0KGgo=", "data:image/png;base64,iVBORw0KGgo="],
  ["a vector", new Float32Array([0.5, 1]), [0.5, 1]],
  [
    "a text that only begins like a picture",
    `iVBORw0KGgo ${"words ".repeat(100)}`,
    `iVBORw0KGgo ${"words ".repeat(100)}`,
  ],
  [
    "a text that only begins like a data URL",
    `data:image/png;base64,${"words ".repeat(100)}`,
    `data:image/png;base64,${"words ".repeat(100)}`,
  ],
  ["a long text of letters", "a".repeat(1000), "a".repeat(1000)],
  [
    "a URL",
    { type: "media", kind: "image", url: "https://example.com/a.png" },
    { type: "media", kind: "image", url: "https://example.com/a.png" },
  ],
  ["a secret", { apiKey: PNG, password: BASE64 }, { apiKey: "[masked]", password: "[masked]" }],
])("no file is made of %s", async (_, given, expected) => {
  const { input, files } = await record(aClient(), given);
  expect(input).toEqual(expected);
  expect(files).toEqual([]);
});

test("a blob, which can only be read later, is described", async () => {
  const { input } = await record(aClient(), new File([PNG], "a.png", { type: "image/png" }));
  const { hash: _, ...described } = STORED;
  expect(input).toEqual({ ...described, name: "a.png", leftOut: "unreadable" });
});

test("bytes in output, attributes, events and the trace's metadata are kept, and each is named once", async () => {
  const rivulet = aClient();
  const span = rivulet.startSpan("look", { metadata: { logo: PNG as never } });
  span.setAttributes({ shot: PNG });
  span.addEvent("seen", { shot: VIEW });
  span.end({ output: PNG });
  await rivulet.flush();
  const [stored] = await rivulet.traces.loadSpans(span.traceId);
  expect([
    stored?.output,
    stored?.attributes["shot"],
    stored?.events[0]?.attributes?.["shot"],
  ]).toEqual([STORED, STORED, STORED]);
  expect((await rivulet.traces.get(span.traceId)).metadata).toEqual({ logo: STORED });
  expect(await rivulet.traces.listAttachments(span.traceId)).toHaveLength(1);
});

test("bytes are kept as they were when they were given", async () => {
  const rivulet = aClient();
  const bytes = Buffer.from(PNG);
  const span = rivulet.startSpan("look", { input: bytes });
  bytes.fill(0);
  span.setOutput(bytes);
  span.end();
  await rivulet.flush();
  const files = await rivulet.traces.listAttachments(span.traceId);
  expect(files.map((file) => file.hash).sort()).toEqual([HASH, hash("sha256", bytes)].sort());
});

test("finished spans of elsewhere keep their files as well", async () => {
  const rivulet = aClient();
  const [traceId, id] = ["a".repeat(32), "b".repeat(16)];
  await rivulet.traces.record([
    { traceId, id, name: "look", startTime: 1, endTime: 2, input: PNG },
  ]);
  await rivulet.flush();
  expect(await rivulet.traces.listAttachments(traceId)).toMatchObject([{ spanId: id, hash: HASH }]);
});

test.each(["describe", "drop"] as const)(
  "with media: '%s' no bytes are kept anywhere",
  async (media) => {
    const rivulet = aClient({ tracing: { media } });
    const given = {
      one: PNG,
      few: Buffer.from("abc"),
      text: `![it](data:image/png;base64,${BASE64})`,
    };
    const { input, files } = await record(rivulet, given);
    const described = { type: "media", kind: "image", mediaType: "image/png", size: 2012 };
    const expected = media === "describe" ? described : { type: "media", kind: "document" };
    expect(input).toMatchObject({ one: { ...expected, leftOut: "option" } });
    const word = media === "describe" ? "image/png" : "image";
    expect(input).toMatchObject({ text: `![it]([${word} left out])` });
    expect(JSON.stringify(input)).not.toContain("YWJj");
    expect(files).toEqual([]);
    await expect(rivulet.traces.getAttachment(HASH)).rejects.toMatchObject({ code: "not_found" });
  },
);

test("a file that is too large is described, and counted", async () => {
  const rivulet = aClient({ tracing: { mediaBytes: 2011 } });
  const { input, files } = await record(rivulet, PNG);
  const { hash: _, ...described } = STORED;
  expect(input).toEqual({ ...described, leftOut: "too_large" });
  expect(files).toEqual([]);
  expect((await rivulet.stats()).journal.droppedAttachments).toBe(1);
});

test("a file of just the size that may be is kept, its name cut to 250 characters", async () => {
  const rivulet = aClient({ tracing: { mediaBytes: 2012 } });
  const { input } = await record(rivulet, { data: PNG, filename: "n".repeat(251) });
  expect(input).toMatchObject({ data: { ...STORED, name: "n".repeat(250) } });
});

test("a text keeps its files by their hash, whatever parameters their data URLs have", async () => {
  const url = `data:image/png;name=a.png;base64,${BASE64}`;
  const { input } = await record(aClient(), `Look: ![it](${url})`);
  expect(input).toBe(`Look: ![it](attachment:${HASH})`);
});

test("a mask sees what stands for a file, and what it removes is not kept", async () => {
  const seen: unknown[] = [];
  const rivulet = aClient({
    tracing: {
      mask: (value, { key }) => {
        if (key === "shot") seen.push(value);
        return key === "face" ? "[hidden]" : value;
      },
    },
  });
  const other = Buffer.alloc(1000, 7);
  const { input, files } = await record(rivulet, { shot: PNG, face: other });
  expect(seen).toEqual([STORED]);
  expect(input).toEqual({ shot: STORED, face: "[hidden]" });
  expect(files.map((file) => file.hash)).toEqual([HASH]);
  await expect(rivulet.traces.getAttachment(hash("sha256", other))).rejects.toMatchObject({
    code: "not_found",
  });
});

test("messages of any source are read with the files that were taken out of them", async () => {
  const parts = [
    { type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}` } },
    { type: "image", source: { type: "base64", media_type: "image/png", data: BASE64 } },
    { inlineData: { mimeType: "image/png", data: BASE64 } },
    { type: "file", mediaType: "image/png", data: VIEW },
    { type: "file", mediaType: "image/png", url: `attachment:${HASH}` },
  ];
  const { input } = await record(aClient(), { messages: [{ role: "user", content: parts }] });
  const [message] = readMessages(input) ?? [];
  expect(message?.content).toHaveLength(5);
  for (const part of message?.content ?? []) {
    expect(part).toMatchObject({
      type: "media",
      kind: "image",
      mediaType: "image/png",
      hash: HASH,
    });
    expect(part).not.toHaveProperty("extra");
  }
});

test("the reason is told when the bytes of a file are not kept", async () => {
  const rivulet = aClient({ attachmentBytes: 1000 });
  await record(rivulet, PNG);
  await expect(rivulet.traces.getAttachment(HASH)).rejects.toThrow(
    `The bytes of the attachment ${HASH} are not kept: the store had as many bytes of such files as it keeps (option attachmentBytes).`,
  );
  expect((await rivulet.stats()).journal.droppedAttachments).toBe(1);
});
