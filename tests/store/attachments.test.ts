import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { restoreBackup, type Store } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

interface File {
  readonly hash: string;
  readonly content: Uint8Array;
}

function aFile(word: string, size = 1000): File {
  const content = Buffer.alloc(size, word);
  return { hash: hash("sha256", content), content };
}

/** Records a trace that has a file, whose bytes are given as well. */
function record(store: Store, n: number, { hash: digest, content }: File): void {
  const facts = { hash: digest, size: content.byteLength, mediaType: "image/png" };
  store.journal.appendAttachment({ hash: digest, content });
  store.journal.appendSpan({ ...aSpan({ traceId: hexId(n) }), attachments: [facts] });
}

async function statesOf(store: Store, n: number): Promise<readonly string[]> {
  return (await store.traces.listAttachments(hexId(n))).map(({ state }) => state);
}

/** Where a store in a file keeps the bytes of a file. */
function pathIn(path: string, { hash: id }: File): string {
  return join(`${path}.files`, id.slice(-2), id.slice(-4, -2), id);
}

const CHILD_FILE = aFile("file", 100_000);

test.each(["close", "exit", "kill"])(
  "the file of a span is in the store although its process ended at once: %s",
  async (end) => {
    const folder = await aFolder();
    const [url, spool] = [`sqlite:${join(folder, "a.db")}`, join(folder, "spool")];
    await startChild("record-file", url, spool, "1", end).ended;
    const { store, errors } = await opened(url, { spool });
    await store.journal.flush();
    await expect.poll(() => statesOf(store, 1), { timeout: 20_000 }).toEqual(["stored"]);
    expect(Buffer.from((await store.files.read(CHILD_FILE.hash)) ?? [])).toEqual(
      CHILD_FILE.content,
    );
    await store.close();
    expect(existsSync(spool) ? await readdir(spool) : []).toEqual([]);
    expect(errors).toEqual([]);
  },
);

test("a file that was written halfway when its process was killed is removed, and its span says that it is missing", async () => {
  const folder = await aFolder();
  const [url, spool] = [`sqlite:${join(folder, "a.db")}`, join(folder, "spool")];
  const left = join(spool, "0123456789abcdef", "attachments");
  await mkdir(left, { recursive: true });
  await writeFile(join(left, `${CHILD_FILE.hash}.0123456789ab.tmp`), "half");
  await writeFile(join(left, "../lock"), "");
  const { store } = await opened(url, { spool });
  await expect.poll(() => readdir(spool), { timeout: 20_000 }).toEqual([store.owner]);
  const { hash: digest } = CHILD_FILE;
  const facts = { hash: digest, size: 1, mediaType: "image/png" };
  store.journal.appendSpan({ ...aSpan({ traceId: hexId(1) }), attachments: [facts] });
  await store.journal.flush();
  expect(await statesOf(store, 1)).toEqual(["missing"]);
});

test("two processes that record the same file at the same time keep it once", async () => {
  const folder = await aFolder();
  const [path, spool] = [join(folder, "a.db"), join(folder, "spool")];
  const children = ["1", "2"].map((n) => startChild("record-file", `sqlite:${path}`, spool, n));
  await Promise.all(children.map(({ ended }) => ended));
  const { store } = await opened(`sqlite:${path}`, { spool });
  expect([await statesOf(store, 1), await statesOf(store, 2)]).toEqual([["stored"], ["stored"]]);
  const entries = await readdir(`${path}.files`, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  // Who tidies up meanwhile asks the disk for its time by a file of its own.
  expect(files.filter((name) => !name.startsWith("clock-"))).toEqual([CHILD_FILE.hash]);
});

test.each(["memory:", "sqlite:", "json:"])(
  "a file that is recorded a thousand times is kept once, and none is dropped: %s",
  async (scheme) => {
    const url = scheme === "memory:" ? scheme : scheme + join(await aFolder(), "a");
    const { store, errors } = await opened(url);
    const file = aFile("same", 1_000_000);
    for (let n = 1; n <= 1000; n += 1) record(store, n, { ...file });
    await store.journal.flush();
    expect(await statesOf(store, 1000)).toEqual(["stored"]);
    const { items } = await store.files.list({ limit: 10 });
    expect(items.map(({ id, size }) => [id, size])).toEqual([[file.hash, 1_000_000]]);
    const { droppedAttachments, pendingBytes } = store.journal.stats();
    expect({ droppedAttachments, pendingBytes }).toEqual({
      droppedAttachments: 0,
      pendingBytes: 0,
    });
    expect(errors).toEqual([]);
  },
);

test.each(["memory:", "sqlite:", "json:"])(
  "a store that is full keeps no more files, counts them, and has room again when traces are deleted: %s",
  async (scheme) => {
    const path = join(await aFolder(), "a");
    const url = scheme === "memory:" ? scheme : scheme + path;
    const { store } = await opened(url, { attachmentBytes: 2500 });
    for (const [n, word] of ["one", "two", "three"].entries()) {
      record(store, n + 1, aFile(word));
      await store.journal.flush();
    }
    record(store, 4, aFile("one"));
    await store.journal.flush();
    const states = await Promise.all([1, 2, 3, 4].map((n) => statesOf(store, n)));
    expect(states).toEqual([["stored"], ["stored"], ["refused"], ["stored"]]);
    expect(await store.files.read(aFile("three").hash)).toBe(undefined);
    expect(store.journal.stats().droppedAttachments).toBe(1);
    await store.traces.delete([hexId(2), hexId(3)]);
    await store.files.delete([aFile("two").hash]);
    await store.close();
    if (scheme === "memory:") return;

    const { store: again } = await opened(url, { attachmentBytes: 2500 });
    record(again, 3, aFile("three"));
    await again.journal.flush();
    expect(await statesOf(again, 3)).toEqual(["stored"]);
    // What is there already needs no room.
    record(again, 5, aFile("one"));
    record(again, 6, aFile("half", 500));
    await again.journal.flush();
    expect(await statesOf(again, 5)).toEqual(["stored"]);
    expect(await statesOf(again, 6)).toEqual(["stored"]);
  },
);

test("the file of a deleted trace is deleted with it, unless it was written a moment ago or another trace has it", async () => {
  const path = join(await aFolder(), "a.db");
  const { store } = await opened(`sqlite:${path}`);
  const [own, shared, young] = [aFile("own"), aFile("shared"), aFile("young")];
  record(store, 1, own);
  record(store, 2, shared);
  record(store, 3, shared);
  record(store, 4, young);
  await store.journal.flush();
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const file of [own, shared]) await utimes(pathIn(path, file), anHourAgo, anHourAgo);
  await store.traces.delete([hexId(1), hexId(2), hexId(4)]);
  expect([own, shared, young].map((file) => existsSync(pathIn(path, file)))).toEqual([
    false,
    true,
    true,
  ]);
  await store.traces.delete([hexId(3)]);
  expect(existsSync(pathIn(path, shared))).toBe(false);
});

test("files that cannot be written yet are reported, and keep no span back", async () => {
  const folder = await aFolder();
  const path = join(folder, "a.db");
  // A file where the folder of the files should be.
  await writeFile(`${path}.files`, "");
  const { store, errors } = await opened(`sqlite:${path}`);
  record(store, 1, aFile("one"));
  await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(1);
  await expect
    .poll(() => errors.map(({ message }) => message).join("\n"), { timeout: 20_000 })
    .toMatch(/^The file \w+ cannot be written: ENOTDIR/m);
  expect(await statesOf(store, 1)).toEqual(["missing"]);
  await rm(`${path}.files`);
  await store.journal.flush();
  expect(await statesOf(store, 1)).toEqual(["stored"]);
});

test("a json: project keeps the files of traces where its traces are, which Git does not see", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  record(store, 1, aFile("one"));
  await store.journal.flush();
  expect(await statesOf(store, 1)).toEqual(["stored"]);
  expect(existsSync(join(path, "files"))).toBe(false);
  expect(await readdir(join(path, "local", "files"))).toHaveLength(1);
  expect(Buffer.from((await store.files.read(aFile("one").hash)) ?? [])).toEqual(
    aFile("one").content,
  );
});

test.each(["sqlite:", "json:"])(
  "a backup holds the files of traces, and a restored store has them: %s",
  async (scheme) => {
    const folder = await aFolder();
    const { store } = await opened(`${scheme}${join(folder, "a")}`);
    record(store, 1, aFile("one"));
    const { hash: lost } = aFile("lost");
    const facts = { hash: lost, size: 1, mediaType: "image/png" };
    store.journal.appendSpan({ ...aSpan({ traceId: hexId(2) }), attachments: [facts] });
    const report = await store.backup(join(folder, "backup"));
    expect([report.files, report.missingFiles]).toEqual([1, []]);
    const restored = `${scheme}${join(folder, "b")}`;
    await restoreBackup(join(folder, "backup"), { store: restored });
    const { store: other } = await opened(restored);
    expect([await statesOf(other, 1), await statesOf(other, 2)]).toEqual([["stored"], ["missing"]]);
    expect(Buffer.from((await other.files.read(aFile("one").hash)) ?? [])).toEqual(
      aFile("one").content,
    );
  },
);
