import { messageSchema, readMessage, readMessages } from "@rivulet/domain";
import { expect, it } from "vitest";
import { randomMessage } from "./random-messages.ts";

const SEEDS = Array.from({ length: 5_000 }, (_, seed) => seed + 1);

it("no text of a message is lost, whatever the message looks like", () => {
  const lost = SEEDS.flatMap((seed) => {
    const { written, texts } = randomMessage(seed);
    const read = JSON.stringify(readMessage(written));
    const missing = texts.filter((text) => !read.includes(text));
    return missing.length === 0 ? [] : [{ seed, missing }];
  });
  expect(lost).toEqual([]);
});

it("what is read is a message by its schema, and is read as itself", () => {
  for (const seed of SEEDS) {
    const read = JSON.parse(JSON.stringify(readMessage(randomMessage(seed).written))) as unknown;
    expect(messageSchema.safeParse(read).error, `seed ${seed}`).toBeUndefined();
    expect(JSON.stringify(readMessage(read)), `seed ${seed}`).toBe(JSON.stringify(read));
  }
});

it("conversations are looked for in anything", () => {
  for (const seed of SEEDS) {
    const { written } = randomMessage(seed);
    readMessages(written);
    readMessages(Object.values(written));
    expect(readMessages({ messages: [written] }), `seed ${seed}`).toEqual([readMessage(written)]);
  }
});
