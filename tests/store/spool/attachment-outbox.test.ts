import { createAttachmentOutbox } from "@rivulet/store/spool";
import { expect, onTestFinished, test } from "vitest";

const MEGABYTE = 1024 ** 2;

function aFile(hash: string, size = MEGABYTE): { hash: string; content: Uint8Array } {
  return { hash, content: new Uint8Array(size) };
}

/** An outbox, what it has sent, and what it has told. */
function anOutbox(send: (hash: string) => Promise<boolean>) {
  const sent: string[] = [];
  const told: string[] = [];
  const outbox = createAttachmentOutbox({
    send: ({ hash }) => {
      sent.push(hash);
      return send(hash);
    },
    report: ({ message }) => told.push(message),
  });
  onTestFinished(outbox.close);
  return { outbox, sent, told };
}

test("as many bytes wait as have room, and what has none is counted and told", () => {
  const { outbox, told } = anOutbox(() => new Promise(() => undefined));
  const taken = Array.from({ length: 66 }, (_, n) => outbox.add(aFile(`file ${n}`)));
  expect(taken).toEqual([...Array.from({ length: 64 }, () => true), false, false]);
  expect(outbox.dropped()).toBe(2);
  expect(outbox.waitingBytes()).toBe(64 * MEGABYTE);
  expect(told).toEqual([
    "A file was dropped: more files of spans are on their way to the store than may wait for it.",
  ]);
});

test("a file that is larger than what may wait is taken when nothing else waits", async () => {
  const { outbox } = anOutbox(async () => true);
  expect(outbox.add(aFile("large", 65 * MEGABYTE))).toBe(true);
  expect(outbox.add(aFile("other"))).toBe(false);
  await outbox.flush();
  expect(outbox.add(aFile("other"))).toBe(true);
});

test("equal files are sent once, while they wait and for a while after", async () => {
  const { outbox, sent } = anOutbox(async () => true);
  for (let count = 0; count < 3; count += 1) outbox.add(aFile("same"));
  await outbox.flush();
  outbox.add(aFile("same"));
  await outbox.flush();
  expect(sent).toEqual(["same"]);
});

test("a file that is refused or cannot be sent is counted, and sent again when it comes again", async () => {
  const { outbox, sent, told } = anOutbox(async (hash) => {
    if (hash === "unwritable") throw new Error("the disk is full");
    return false;
  });
  for (let count = 0; count < 2; count += 1) {
    outbox.add(aFile("refused"));
    outbox.add(aFile("unwritable"));
    await outbox.flush();
  }
  expect(sent).toEqual(["refused", "unwritable", "refused", "unwritable"]);
  expect(outbox.dropped()).toBe(4);
  expect(told).toEqual(Array(2).fill("A file of a span was dropped: the disk is full"));
});

test("a closed outbox takes nothing", () => {
  const { outbox, sent } = anOutbox(async () => true);
  outbox.close();
  expect(outbox.add(aFile("late"))).toBe(false);
  expect([sent, outbox.dropped()]).toEqual([[], 1]);
});
