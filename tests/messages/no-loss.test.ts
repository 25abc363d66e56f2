import { messageSchema, readMessage, readMessages } from "@rivulet/domain";
import { expect, it } from "vitest";
import { randomMessage } from "./random-messages.ts";

/** Random messages, what is read of each, and the same as text. */
const CASES = Array.from({ length: 5_000 }, (_, index) => {
  const seed = index + 1;
  const { written, texts } = randomMessage(seed);
  const message = readMessage(written);
  return { seed, written, texts, message, read: JSON.stringify(message) };
});

it("no text of a message is lost, whatever the message looks like", () => {
  const lost = CASES.flatMap(({ seed, texts, read }) => {
    const missing = texts.filter((text) => !read.includes(text));
    return missing.length === 0 ? [] : [{ seed, missing }];
  });
  expect(lost).toEqual([]);
});

it("what is read is a message by its schema, and is read as itself", () => {
  const wrong = CASES.filter(({ read }) => {
    const message: unknown = JSON.parse(read);
    const isMessage = messageSchema.safeParse(message).success;
    return !isMessage || JSON.stringify(readMessage(message)) !== read;
  });
  expect(wrong).toEqual([]);
});

it("conversations are looked for in anything", () => {
  const wrong = CASES.filter(({ written, read }) => {
    readMessages(written);
    readMessages(Object.values(written));
    return JSON.stringify(readMessages({ messages: [written] })) !== `[${read}]`;
  });
  expect(wrong).toEqual([]);
});
