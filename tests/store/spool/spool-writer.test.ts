import { once } from "node:events";
import {
  existsSync,
  ftruncateSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  type FileCalls,
  isWriterAlive,
  openSpool,
  type SpoolPlace,
  takeLock,
} from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test } from "vitest";
import { startThread } from "../thread.ts";
import { anOwner, aPlace, linesOf, openedReader, openedSpool } from "./spools.ts";

function pathOf({ folder, owner }: SpoolPlace, name: string): string {
  return join(folder, owner, name);
}

function textOf(place: SpoolPlace, number = 1): string {
  return readFileSync(pathOf(place, `${number}.jsonl`), "utf8");
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** System calls that behave, until they are told to write only so many bytes more. */
function limitedCalls(): FileCalls & { room: number; canTruncate: boolean } {
  const calls = {
    room: Number.POSITIVE_INFINITY,
    canTruncate: true,
    write(file: number, bytes: Buffer, from: number): number {
      if (calls.room === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      const count = writeSync(file, bytes, from, Math.min(bytes.length - from, calls.room));
      calls.room -= count;
      return count;
    },
    truncate(file: number, size: number): void {
      if (!calls.canTruncate) throw new Error("cannot truncate");
      ftruncateSync(file, size);
    },
  };
  return calls;
}

describe("the spool of an engine", () => {
  test("is a folder of its own, for this user only, with a lock and a segment", async () => {
    const place = await aPlace();
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    openedSpool(place);
    expect(readdirSync(place.folder)).toEqual([place.owner]);
    expect(readdirSync(join(place.folder, place.owner)).sort()).toEqual(["1.jsonl", "lock"]);
    expect([place.folder, join(place.folder, place.owner)].map(modeOf)).toEqual(["700", "700"]);
    expect(["lock", "1.jsonl"].map((name) => modeOf(pathOf(place, name)))).toEqual(["600", "600"]);
    expect(isWriterAlive(place)).toBe(true);
    expect(isWriterAlive({ ...place, owner: anOwner(2) })).toBe(false);
  });

  test("has the permissions that are asked for, whatever the process takes away by default", async () => {
    const place = await aPlace();
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    openedSpool({ ...place, fileMode: 0o660, folderMode: 0o770 });
    expect([place.folder, join(place.folder, place.owner)].map(modeOf)).toEqual(["770", "770"]);
    expect(["lock", "1.jsonl"].map((name) => modeOf(pathOf(place, name)))).toEqual(["660", "660"]);
  });

  test("leaves a folder that was there as it was", async () => {
    const place = await aPlace();
    mkdirSync(place.folder);
    const before = modeOf(place.folder);
    openedSpool(place);
    expect(modeOf(place.folder)).toBe(before);
  });

  test("has lines when write returns", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    expect(sink.write(linesOf("é", "日本"))).toBeUndefined();
    expect(textOf(place)).toBe(linesOf("é", "日本"));
    expect(sink.write(linesOf("c"))).toBeUndefined();
    const long = "日".repeat(200_000);
    expect(sink.write(linesOf(long))).toBeUndefined();
    expect(textOf(place)).toBe(linesOf("é", "日本", "c", long));
  });

  test("goes on in a new segment when one has 32 MB", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const long = linesOf("x".repeat(16 * 1024 ** 2));
    sink.write(long);
    sink.write(linesOf("a"));
    sink.write(long);
    sink.write(linesOf("b"));
    expect(textOf(place, 1)).toBe(long + linesOf("a") + long);
    expect(textOf(place, 2)).toBe(linesOf("b"));
  });

  test("cannot be opened where a file is in the way, and says where", async () => {
    const place = await aPlace();
    writeFileSync(place.folder, "");
    expect(() => openSpool(place)).toThrow(
      expect.objectContaining({
        code: "store_unavailable",
        message: expect.stringContaining(place.folder),
      }),
    );
  });

  test("cannot be opened while somebody else has its lock", async () => {
    const place = await aPlace();
    mkdirSync(join(place.folder, place.owner), { recursive: true });
    const other = takeLock(pathOf(place, "lock"), "exclusive");
    expect(() => openSpool(place)).toThrow("another process has its lock");
    other?.release();
    openedSpool(place);
    expect(isWriterAlive(place)).toBe(true);
  });

  test("is opened, and left alone until it is left, while others look for what is left all the time", async () => {
    const { folder } = await aPlace();
    const memory = new SharedArrayBuffer(4);
    const thread = startThread("claim-all-the-time", { folder, memory });
    expect(await once(thread, "message")).toEqual(["claiming"]);
    const owners = Array.from({ length: 300 }, (_, index) => anOwner(index + 1));
    for (const owner of owners) {
      const sink = openSpool({ folder, owner });
      for (const name of ["first", "second"])
        expect(sink.write(linesOf(`${name} of ${owner}`))).toBeUndefined();
      sink.release();
    }
    Atomics.store(new Int32Array(memory), 0, 1);
    const [{ names, ended, reports }] = await once(thread, "message");
    expect(reports).toEqual([]);
    expect(ended.sort()).toEqual(owners);
    expect(names.sort()).toEqual(
      ["first", "second"].flatMap((name) => owners.map((owner) => `${name} of ${owner}`)),
    );
    expect(existsSync(folder)).toBe(false);
  });

  test("is removed when it is left without records, and the spool with the last one", async () => {
    const place = await aPlace();
    const one = openSpool(place);
    const other = openSpool({ ...place, owner: anOwner(2) });
    one.release();
    expect(readdirSync(place.folder)).toEqual([anOwner(2)]);
    other.release();
    expect(readdirSync(dirname(place.folder))).toEqual([]);
  });

  test("stays when it is left with records, and its lock is free", async () => {
    const place = await aPlace();
    const sink = openSpool(place);
    sink.write(linesOf("a"));
    sink.release();
    expect(textOf(place)).toBe(linesOf("a"));
    expect(isWriterAlive(place)).toBe(false);
  });

  test("ends with how the process ended", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    sink.write(linesOf("a"));
    sink.end(7);
    expect(textOf(place)).toBe(`${linesOf("a")}{"v":1,"kind":"exit","exit":{"exitCode":7}}\n`);
  });
});

describe("a disk that takes no more", () => {
  test("keeps the whole lines, loses exactly the others, and goes on in the same segment", async () => {
    const place = await aPlace();
    const calls = limitedCalls();
    const sink = openedSpool({ ...place, calls });
    sink.write(linesOf("a"));
    const lost = linesOf("ccc", "dddd");
    calls.room = linesOf("bb", "ccc").length - 1;
    expect(sink.write(linesOf("bb") + lost)).toEqual({
      error: expect.objectContaining({
        code: "store_unavailable",
        message: `Cannot write to the spool in ${place.folder}: no space left. Records are dropped, and counted, until it can be written to.`,
        details: { path: place.folder },
      }),
      lostRecords: 2,
      lostBytes: lost.length,
    });
    expect(textOf(place)).toBe(linesOf("a", "bb"));
    expect(sink.write(linesOf("e"))).toMatchObject({ lostRecords: 1 });
    calls.room = Number.POSITIVE_INFINITY;
    expect(sink.write(linesOf("f"))).toBeUndefined();
    expect(textOf(place)).toBe(linesOf("a", "bb", "f"));
    expect(readdirSync(join(place.folder, place.owner)).sort()).toEqual(["1.jsonl", "lock"]);
  });

  test("may take a little at a time", async () => {
    const place = await aPlace();
    const calls = limitedCalls();
    const write: FileCalls["write"] = (file, bytes, from) =>
      writeSync(file, bytes, from, Math.min(7, bytes.length - from));
    const sink = openedSpool({ ...place, calls: { ...calls, write } });
    expect(sink.write(linesOf("a", "b"))).toBeUndefined();
    expect(textOf(place)).toBe(linesOf("a", "b"));
  });

  test("may take nothing and not say why", async () => {
    const place = await aPlace();
    const sink = openedSpool({ ...place, calls: { ...limitedCalls(), write: () => 0 } });
    expect(sink.write(linesOf("a", "b"))).toMatchObject({ lostRecords: 2 });
    expect(textOf(place)).toBe("");
  });

  test("that keeps half a line has it in a segment that is left, and nobody takes it for a record", async () => {
    const place = await aPlace();
    const calls = limitedCalls();
    const sink = openedSpool({ ...place, calls });
    calls.room = linesOf("a").length + 9;
    calls.canTruncate = false;
    expect(sink.write(linesOf("a", "b"))).toMatchObject({ lostRecords: 1 });
    calls.room = Number.POSITIVE_INFINITY;
    expect(sink.write(linesOf("c"))).toBeUndefined();
    expect(textOf(place, 1)).toBe(linesOf("a") + linesOf("b").slice(0, 9));
    expect(textOf(place, 2)).toBe(linesOf("c"));
    sink.release();
    const { claim, names, ended } = openedReader({ ...place, owner: anOwner(2) });
    // The writer has counted it: whoever reads does not count it again.
    expect((await claim()).refused).toEqual([]);
    expect(names()).toEqual(["a", "c"]);
    expect(ended).toEqual([{ owner: place.owner }]);
  });
});

describe("files that are taken away while they are written", () => {
  const away = (place: SpoolPlace): string => join(dirname(place.folder), "away");

  test.each<[string, (place: SpoolPlace) => void]>([
    ["the spool is removed", ({ folder }) => rmSync(folder, { recursive: true })],
    ["the spool is moved", (place) => renameSync(place.folder, away(place))],
    [
      "the folder is removed",
      (place) => rmSync(dirname(pathOf(place, "lock")), { recursive: true }),
    ],
    ["the folder is moved", (place) => renameSync(dirname(pathOf(place, "lock")), away(place))],
    ["the segment is removed", (place) => rmSync(pathOf(place, "1.jsonl"))],
    [
      "the segment is replaced",
      (place) => {
        renameSync(pathOf(place, "1.jsonl"), away(place));
        writeFileSync(pathOf(place, "1.jsonl"), "");
      },
    ],
    [
      "the spool is replaced",
      (place) => {
        renameSync(place.folder, away(place));
        mkdirSync(join(place.folder, place.owner), { recursive: true });
        writeFileSync(pathOf(place, "1.jsonl"), "");
        writeFileSync(pathOf(place, "lock"), "");
      },
    ],
  ])(
    "%s: what was just written is written again, that is said once, and the lock is held",
    async (_, take) => {
      const place = await aPlace();
      const sink = openedSpool(place);
      sink.write(linesOf("before"));
      take(place);
      expect(sink.write(linesOf("a", "b"))).toEqual({
        error: expect.objectContaining({
          code: "store_unavailable",
          message: `The spool in ${place.folder} was removed, moved or replaced while it was in use; records that were in it and not yet in the store may be lost. Recording continues in a new file.`,
        }),
        lostRecords: 0,
        lostBytes: 0,
      });
      expect(sink.write(linesOf("c"))).toBeUndefined();
      expect(textOf(place, 2)).toBe(linesOf("a", "b", "c"));
      expect(isWriterAlive(place)).toBe(true);
      expect(takeLock(pathOf(place, "lock"), "exclusive")).toBeUndefined();
    },
  );

  test("and cannot be made again: the records are lost and counted, until they can", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    rmSync(place.folder, { recursive: true });
    writeFileSync(place.folder, "in the way");
    expect(sink.write(linesOf("a", "b"))).toMatchObject({
      error: {
        code: "store_unavailable",
        message: expect.stringContaining("No new file can be created"),
      },
      lostRecords: 2,
      lostBytes: linesOf("a", "b").length,
    });
    expect(sink.write(linesOf("c"))).toMatchObject({ lostRecords: 1 });
    rmSync(place.folder);
    expect(sink.write(linesOf("d"))).toBeUndefined();
    expect(readdirSync(join(place.folder, place.owner)).sort()).toEqual(["2.jsonl", "lock"]);
    expect(textOf(place, 2)).toBe(linesOf("d"));
  });

  test("a lock file that is removed is made again with the next segment", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    rmSync(pathOf(place, "lock"));
    rmSync(pathOf(place, "1.jsonl"));
    sink.write(linesOf("a"));
    expect(isWriterAlive(place)).toBe(true);
  });
});
