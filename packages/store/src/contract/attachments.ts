import assert from "node:assert/strict";
import { hash } from "node:crypto";
import type { Attachment } from "@rivulet/domain";
import type { AttachmentBytes, AttachmentFacts } from "../port/records.ts";
import type { Store } from "../port/store.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** The bytes of a file that no other room has. */
function bytesOf(room: Room, word: string): AttachmentBytes {
  const content = Buffer.from(`${room.experimentId} ${word}`);
  return { hash: hash("sha256", content), content };
}

function factsOf({ hash: digest, content }: AttachmentBytes): AttachmentFacts {
  return { hash: digest, size: content.byteLength, mediaType: "image/png", name: "a.png" };
}

/** Records the nth trace of the room, which refers to these files. */
function record(
  store: Store,
  room: Room,
  [n, ...files]: readonly [number, ...AttachmentBytes[]],
): void {
  const span = room.aSpan({ traceId: room.id(n) });
  assert.equal(store.journal.appendSpan({ ...span, attachments: files.map(factsOf) }), true);
}

const stateOf = ({ state }: Attachment): string => state;

/** Rules of the files that spans refer to. */
export const attachmentRules: readonly ContractCase[] = contractGroup("attachments", {
  "come out as they went in, by their trace and by their hash": async (store, room) => {
    const [file, other] = [bytesOf(room, "one"), bytesOf(room, "two")];
    for (const one of [file, other]) assert.equal(store.journal.appendAttachment(one), true);
    record(store, room, [1, file, other]);
    await store.journal.flush();
    const expected = [file, other]
      .map((one): Attachment => {
        const owner = { traceId: room.id(1), spanId: hexId(1, 16) };
        return { ...owner, ...factsOf(one), state: "stored" };
      })
      .sort((a, b) => (a.hash < b.hash ? -1 : 1));
    assert.deepEqual(await store.traces.listAttachments(room.id(1)), expected);
    assert.deepEqual(await store.traces.listAttachments(room.id(2)), []);
    assert.equal((await store.traces.findAttachment(file.hash))?.traceId, room.id(1));
    const content = await store.files.read(file.hash);
    assert.deepEqual(Buffer.from(content ?? []), file.content);
  },
  "are missing until their bytes come": async (store, room) => {
    const file = bytesOf(room, "late");
    record(store, room, [1, file]);
    await store.journal.flush();
    assert.deepEqual((await store.traces.listAttachments(room.id(1))).map(stateOf), ["missing"]);
    store.journal.appendAttachment(file);
    await store.journal.flush();
    assert.deepEqual((await store.traces.listAttachments(room.id(1))).map(stateOf), ["stored"]);
  },
  "may come before any span refers to them": async (store, room) => {
    const file = bytesOf(room, "early");
    store.journal.appendAttachment(file);
    await store.journal.flush();
    assert.equal(await store.traces.findAttachment(file.hash), undefined);
    record(store, room, [1, file]);
    await store.journal.flush();
    assert.equal((await store.traces.findAttachment(file.hash))?.state, "stored");
  },
  "are one for equal bytes, which several traces may have at the same time": async (
    store,
    room,
  ) => {
    const file = bytesOf(room, "same");
    const traces = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const n of traces) {
      store.journal.appendAttachment({ ...file });
      record(store, room, [n, file, file]);
    }
    await store.journal.flush();
    for (const n of traces) {
      const listed = await store.traces.listAttachments(room.id(n));
      assert.deepEqual(listed.map(stateOf), ["stored"]);
    }
  },
  "go with their last trace": async (store, room) => {
    const [file, other] = [bytesOf(room, "shared"), bytesOf(room, "own")];
    for (const one of [file, other]) store.journal.appendAttachment(one);
    record(store, room, [1, file, other]);
    record(store, room, [2, file]);
    await store.journal.flush();
    assert.equal(await store.traces.delete([room.id(1)]), 1);
    assert.deepEqual(await store.traces.listAttachments(room.id(1)), []);
    assert.equal(await store.traces.findAttachment(other.hash), undefined);
    assert.equal((await store.traces.findAttachment(file.hash))?.traceId, room.id(2));
    assert.deepEqual(await store.files.delete([file.hash, other.hash]), [other.hash]);
    assert.equal(await store.traces.delete([room.id(2)]), 1);
    assert.deepEqual(await store.files.delete([file.hash]), [file.hash]);
  },
});
