import { chatMessageSchema, type Message, messageSchema, readMessage } from "@rivulet/domain";
import { describe, expect, it } from "vitest";
import { BLOCK_MESSAGES, CHAT_MESSAGES, FRAMEWORK_MESSAGES } from "./provider-messages.ts";
import { TELEMETRY_MESSAGES } from "./telemetry-messages.ts";

const WRITTEN = [...CHAT_MESSAGES, ...BLOCK_MESSAGES, ...FRAMEWORK_MESSAGES, ...TELEMETRY_MESSAGES];

describe("a message is read from", () => {
  it.each(WRITTEN)("$from", ({ written, message }) => {
    expect(readMessage(written)).toEqual(message);
  });
});

describe("a message in the one form", () => {
  it.each(WRITTEN)("has its schema, and is read as itself: $from", ({ message }) => {
    expect(messageSchema.parse(message)).toEqual(message);
    expect(readMessage(message)).toEqual(message);
    expect(JSON.stringify(readMessage(message))).toBe(JSON.stringify(message));
  });

  it.each(WRITTEN)("may stand in the template of a prompt: $from", ({ message }) => {
    expect(chatMessageSchema.parse(message)).toEqual(message);
  });
});

it.each([
  undefined,
  null,
  "Hi",
  [],
  {},
  { content: "no role" },
  { role: "no content" },
  { type: "image", content: "x" },
])("what is no message is none: %j", (value) => {
  expect(readMessage(value)).toBeUndefined();
});

it("a message that throws when it is looked at is none", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile = {
    role: "user",
    get content(): string {
      throw new Error("No.");
    },
  };
  expect([readMessage(proxy), readMessage(hostile)]).toEqual([undefined, undefined]);
});

/** The only part of a user's message. */
function partOf(part: object): unknown {
  const { content } = readMessage({ role: "user", content: [part] }) ?? {};
  return Array.isArray(content) ? content[0] : content;
}

it.each<[string, object]>([
  [" \n", { arguments: {} }],
  ['{"id":123456789012345}', { arguments: { id: 123_456_789_012_345 } }],
  [
    '{"id":12345678901234567}',
    { arguments: { id: 12_345_678_901_234_568 }, extra: { arguments: '{"id":12345678901234567}' } },
  ],
  [
    '{"id":9007199254740993}',
    {
      arguments: { id: 9_007_199_254_740_992 },
      extra: { arguments: '{"id":9007199254740993}' },
    },
  ],
  ['{"id":', { invalidArguments: '{"id":' }],
])("arguments of a tool are read from %j", (written, read) => {
  const call = { id: "c1", type: "function", function: { name: "find", arguments: written } };
  const message = readMessage({ role: "assistant", content: null, tool_calls: [call] });
  expect(message?.content).toEqual([{ type: "tool_call", id: "c1", name: "find", ...read }]);
});

it("what is said of a file is stronger than its data URL", () => {
  const data = "data:image/png;base64,AAAA";
  expect(partOf({ type: "file", mediaType: "image/webp", data })).toEqual({
    type: "media",
    kind: "image",
    mediaType: "image/webp",
    data: "AAAA",
  });
});

const OFFICE = "application/vnd.openxmlformats-officedocument";

it.each([
  ["pdf", "application/pdf"],
  ["csv", "text/csv"],
  ["html", "text/html"],
  ["md", "text/markdown"],
  ["txt", "text/plain"],
  ["doc", "application/msword"],
  ["docx", `${OFFICE}.wordprocessingml.document`],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", `${OFFICE}.spreadsheetml.sheet`],
])("a document of Bedrock with the format %s is %s", (format, mediaType) => {
  const document = { format, name: "report", source: { bytes: new Uint8Array(3) } };
  expect(partOf({ document })).toMatchObject({ kind: "document", name: "report", mediaType });
});

it("bytes and URLs are read as JavaScript holds them", () => {
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5]);
  const view = { type: "file", mediaType: "image/png", data: new DataView(buffer, 1, 3) };
  expect(partOf(view)).toMatchObject({ data: new Uint8Array([2, 3, 4]) });
  const read = readMessage({
    role: "user",
    content: [
      { type: "file", mediaType: "image/png", data: new Uint8Array(7) },
      { type: "image", image: new URL("https://example.org/a.png") },
      { type: "file", data: { type: "url", url: new URL("data:text/plain;base64,QUJD") } },
    ],
  });
  expect(read).toEqual<Message>({
    role: "user",
    content: [
      { type: "media", kind: "image", mediaType: "image/png", data: new Uint8Array(7) },
      { type: "media", kind: "image", url: "https://example.org/a.png" },
      { type: "media", kind: "document", mediaType: "text/plain", data: "QUJD" },
    ],
  });
});

it("results in results are read to a depth, and kept below it", () => {
  let written: unknown = "deep";
  for (let depth = 0; depth < 2_000; depth++) {
    written = [{ type: "tool_result", tool_use_id: "t", content: written }];
  }
  const read = readMessage({ role: "user", content: written });
  expect(JSON.stringify(read)).toContain('"type":"data","value":[{"type":"tool_result"');
  expect(JSON.stringify(read)).toContain('"deep"');
});
