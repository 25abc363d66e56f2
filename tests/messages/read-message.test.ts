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

it("bytes and URLs are read as JavaScript holds them", () => {
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
