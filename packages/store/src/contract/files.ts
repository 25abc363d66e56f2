import assert from "node:assert/strict";
import type { FileStore, StoredFile } from "../port/files.ts";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, readPages, refuses } from "./contract-case.ts";
import type { Room } from "./room.ts";

/** The id of a room's nth file: as long as a digest. */
export function fileId(room: Room, n: number): string {
  return room.id(n).repeat(2);
}

/** A room's nth file; its content is its number, `size` times. */
export function aFile(room: Room, n: number, size = 3): NewFile {
  return { id: fileId(room, n), content: new Uint8Array(size).fill(n) };
}

/** What {@link FileStore.write} takes. */
type NewFile = Parameters<FileStore["write"]>[0];

/** The files of a room that are there, by number. */
async function filesOf(store: Store, room: Room): Promise<readonly (readonly [number, number])[]> {
  const files = await readPages<StoredFile>(store.files.list, 7);
  return [1, 2, 3, 4, 5].flatMap((n) =>
    files.filter(({ id }) => id === fileId(room, n)).map(({ size }) => [n, size] as const),
  );
}

async function bytesOf(store: Store, id: string): Promise<readonly number[] | undefined> {
  const content = await store.files.read(id);
  return content && [...content];
}

/** Bytes of which no stretch is like another. */
function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 251);
}

/** Names a file in a record of the store. */
async function name(store: Store, room: Room, [path, n]: readonly [string, number]): Promise<void> {
  const file = { size: 3, sha256: "ab", contentType: "text/plain", fileId: fileId(room, n) };
  await store.artifacts.put({ ...file, runId: room.id(1), path, createdAt: BUILT_AT });
}

/** Rules of {@link FileStore}. */
export const fileRules: readonly ContractCase[] = contractGroup("files", {
  "come out byte for byte": async (store, room) => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const contents = [everyByte, new Uint8Array(0), everyByte.subarray(128, 131)];
    for (const [n, content] of contents.entries()) {
      const id = fileId(room, n + 1);
      await store.files.write({ id, content });
      assert.deepEqual(await bytesOf(store, id), [...content]);
    }
    assert.equal(await store.files.read(fileId(room, 9)), undefined);
    assert.equal(await store.files.read("../../etc/passwd"), undefined);
  },
  "may be larger than any buffer on the way": async (store, room) => {
    const content = someBytes(3_000_001);
    await store.files.write({ id: fileId(room, 1), content });
    const read = await store.files.read(fileId(room, 1));
    assert.equal(Buffer.compare(read ?? new Uint8Array(0), content), 0);
  },
  "are kept as they were when they were written": async (store, room) => {
    const file = aFile(room, 1);
    await store.files.write(file);
    file.content.fill(9);
    const read = await store.files.read(file.id);
    assert.deepEqual([...(read ?? [])], [1, 1, 1]);
    read?.fill(8);
    assert.deepEqual(await bytesOf(store, file.id), [1, 1, 1]);
  },
  "may be written again, also at the same time": async (store, room) => {
    await Promise.all([1, 1, 1, 2].map((n) => store.files.write(aFile(room, n))));
    await store.files.write(aFile(room, 1));
    assert.deepEqual(await filesOf(store, room), [
      [1, 3],
      [2, 3],
    ]);
    assert.deepEqual(await bytesOf(store, fileId(room, 1)), [1, 1, 1]);
  },
  "come in parts of any size, also empty ones": async (store, room) => {
    const content = someBytes(2_500_000);
    const upload = await store.files.begin();
    for (const [from, to] of [
      [0, 1],
      [1, 1],
      [1, 700_000],
      [700_000, 2_500_000],
    ] as const) {
      await store.files.append({ upload, content: content.subarray(from, to) });
    }
    assert.equal(await store.files.read(fileId(room, 1)), undefined);
    await store.files.finish({ upload, id: fileId(room, 1) });
    const read = await store.files.read(fileId(room, 1));
    assert.equal(Buffer.compare(read ?? new Uint8Array(0), content), 0);
    assert.deepEqual(await filesOf(store, room), [[1, 2_500_000]]);
  },
  "that come in parts may be empty, or there already": async (store, room) => {
    const empty = await store.files.begin();
    await store.files.finish({ upload: empty, id: fileId(room, 2) });
    assert.deepEqual(await bytesOf(store, fileId(room, 2)), []);
    await store.files.write(aFile(room, 1));
    const { content } = aFile(room, 1);
    const again = await store.files.begin();
    await store.files.append({ upload: again, content });
    await store.files.finish({ upload: again, id: fileId(room, 1) });
    assert.deepEqual(await bytesOf(store, fileId(room, 1)), [1, 1, 1]);
  },
  "that come in parts come beside each other": async (store, room) => {
    const uploads = await Promise.all([store.files.begin(), store.files.begin()]);
    for (let count = 0; count < 3; count += 1) {
      await Promise.all(
        uploads.map((upload, n) =>
          store.files.append({ upload, content: Uint8Array.of(n, count) }),
        ),
      );
    }
    for (const [n, upload] of uploads.entries()) {
      await store.files.finish({ upload, id: fileId(room, n + 1) });
    }
    assert.deepEqual(await bytesOf(store, fileId(room, 1)), [0, 0, 0, 1, 0, 2]);
    assert.deepEqual(await bytesOf(store, fileId(room, 2)), [1, 0, 1, 1, 1, 2]);
  },
  "that are abandoned leave nothing, and cannot be continued": async (store, room) => {
    const upload = await store.files.begin();
    await store.files.append({ upload, content: Uint8Array.of(1) });
    await store.files.abandon(upload);
    await store.files.abandon(upload);
    const content = Uint8Array.of(2);
    await refuses("conflict", () => store.files.append({ upload, content }));
    await refuses("conflict", () => store.files.finish({ upload, id: fileId(room, 1) }));
    assert.deepEqual(await filesOf(store, room), []);
    const finished = await store.files.begin();
    await store.files.finish({ upload: finished, id: fileId(room, 2) });
    await refuses("conflict", () => store.files.append({ upload: finished, content }));
    await store.files.abandon(finished);
    assert.deepEqual(await bytesOf(store, fileId(room, 2)), []);
  },
  "are read in parts": async (store, room) => {
    const content = someBytes(2_100_000);
    await store.files.write({ id: fileId(room, 1), content });
    for (const [from, length] of [
      [0, 10],
      [1_048_570, 12],
      [1_000_000, 1_100_000],
      [2_099_999, 50],
      [2_100_000, 1],
      [9_000_000, 1],
      [5, 0],
    ] as const) {
      const part = await store.files.readPart({ id: fileId(room, 1), from, length });
      assert.equal(
        Buffer.compare(part ?? Buffer.from("?"), content.subarray(from, from + length)),
        0,
      );
    }
    const nothing = { from: 0, length: 1 };
    assert.equal(await store.files.readPart({ id: fileId(room, 9), ...nothing }), undefined);
    assert.equal(await store.files.readPart({ id: "../../etc/passwd", ...nothing }), undefined);
  },
  "are listed with size and age, page by page": async (store, room) => {
    for (const n of [3, 1, 2, 5, 4]) await store.files.write(aFile(room, n, n * 10));
    assert.deepEqual(
      await filesOf(store, room),
      [1, 2, 3, 4, 5].map((n) => [n, n * 10]),
    );
    const files = await readPages<StoredFile>(store.files.list, 3);
    assert.equal(new Set(files.map(({ id }) => id)).size, files.length);
    for (const { ageMs } of files) assert.ok(ageMs > -60_000 && ageMs < 600_000, `age ${ageMs}`);
  },
  "are deleted unless a record names them": async (store, room) => {
    const ids = (...ns: readonly number[]): readonly string[] => ns.map((n) => fileId(room, n));
    await store.runs.create(room.aRun());
    for (const n of [1, 2, 3]) await store.files.write(aFile(room, n));
    await name(store, room, ["one", 1]);
    await name(store, room, ["same", 1]);
    await name(store, room, ["two", 2]);
    assert.deepEqual(await store.files.delete(ids(1, 2, 3, 4)), ids(3));
    await store.files.write(aFile(room, 3));
    await name(store, room, ["one", 3]);
    await name(store, room, ["two", 3]);
    assert.deepEqual(await store.files.delete(ids(1, 2, 3)), ids(2));
    assert.deepEqual(
      (await filesOf(store, room)).map(([n]) => n),
      [1, 3],
    );
    assert.deepEqual(await store.files.delete([]), []);
  },
});
