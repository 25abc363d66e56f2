import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  exitLine,
  isWriterAlive,
  openSpool,
  type SpoolPlace,
  takeLock,
} from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { recordsInMemory } from "./records-in-memory.ts";
import { anOwner, aPlace, linesOf, openedReader, openedSpool } from "./spools.ts";

/** Writes what somebody has left. */
function leave(place: SpoolPlace, ...lines: readonly string[]): void {
  const sink = openSpool(place);
  for (const line of lines) sink.write(line);
  sink.release();
}

function folderOf({ folder, owner }: SpoolPlace): string {
  return join(folder, owner);
}

/** Somebody else's folder of the same spool. */
function other(place: SpoolPlace, index = 2): SpoolPlace {
  return { ...place, owner: anOwner(index) };
}

const LONG = 17 * 1024 ** 2;

describe("reading what this engine records", () => {
  test("goes on while it is written", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { drain, names, taken, marks } = openedReader(place);
    expect(await drain()).toEqual({
      changes: [],
      refused: [],
      taken: { records: 0, bytes: 0, refused: 0 },
    });
    sink.write(linesOf("a", "b"));
    expect((await drain()).taken).toEqual({
      records: 2,
      bytes: linesOf("a", "b").length,
      refused: 0,
    });
    sink.write(linesOf("c"));
    expect((await drain()).taken).toEqual({ records: 1, bytes: linesOf("c").length, refused: 0 });
    expect(names()).toEqual(["a", "b", "c"]);
    expect(taken.map(({ owner }) => owner)).toEqual([place.owner, place.owner, place.owner]);
    expect([...marks]).toEqual([[`${place.owner}/1.jsonl`, linesOf("a", "b", "c").length]]);
  });

  test("takes half a line when it is whole", async () => {
    const place = await aPlace();
    openedSpool(place);
    const path = join(folderOf(place), "1.jsonl");
    const { drain, names } = openedReader(place);
    appendFileSync(path, linesOf("a") + linesOf("b").slice(0, 20));
    expect((await drain()).taken.records).toBe(1);
    appendFileSync(path, linesOf("b").slice(20));
    expect((await drain()).taken.records).toBe(1);
    expect(names()).toEqual(["a", "b"]);
  });

  test("takes each record once, in order, while segments begin in between, and removes those it has read", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { reader, drain, names, marks } = openedReader(place);
    const segments = (): readonly string[] =>
      readdirSync(folderOf(place)).filter((name) => name !== "lock");
    const written: string[] = [];
    const write = (name: string): void => {
      sink.write(linesOf(name));
      written.push(name);
    };
    for (let round = 0; round < 5; round++) {
      write(String(round));
      // Stands at the end of a segment that is not over …
      await drain();
      expect(segments()).toEqual([`${round + 1}.jsonl`]);
      // … when it is written to once more, and then the next one begins.
      write("x".repeat(LONG) + round);
      write("y".repeat(LONG) + round);
      write(`last of ${round}`);
      await reader.step();
    }
    await drain();
    expect(names()).toEqual(written);
    expect(segments()).toEqual(["6.jsonl"]);
    expect([...marks.keys()]).toEqual([`${place.owner}/6.jsonl`]);
  });

  test("takes a record that is larger than what is read at once, and what comes behind it", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { drain, names } = openedReader(place);
    const large = "é".repeat(5 * 1024 ** 2);
    sink.write(linesOf("before", large, "behind"));
    sink.write(linesOf("later"));
    expect((await drain()).taken.records).toBe(4);
    expect(names()).toEqual(["before", large, "behind", "later"]);
  });

  test("tries again what the database has refused to take", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { reader, drain, names, failNext } = openedReader(place);
    sink.write(linesOf("a", "b"));
    failNext(new Error("the database is away"));
    await expect(reader.step()).rejects.toThrow("the database is away");
    expect((await drain()).taken.records).toBe(2);
    expect(names()).toEqual(["a", "b"]);
  });

  test("goes on where an earlier reader stood", async () => {
    const place = await aPlace();
    const database = recordsInMemory();
    const sink = openedSpool(place);
    sink.write(linesOf("a"));
    await openedReader(place, {}, database).drain();
    sink.write(linesOf("b"));
    const { taken } = await openedReader(place, {}, database).drain();
    expect(taken).toEqual({ records: 1, bytes: linesOf("b").length, refused: 0 });
    expect(database.names()).toEqual(["a", "b"]);
  });

  test("takes nothing twice when somebody else reads the same, and counts what that one has taken", async () => {
    const place = await aPlace();
    const database = recordsInMemory();
    const sink = openedSpool(place);
    const one = openedReader(place, {}, database);
    const two = openedReader(place, {}, database);
    sink.write(linesOf("a"));
    await one.drain();
    await two.drain();
    sink.write(`${linesOf("b")}damaged\n${linesOf("c")}`);
    const bytes = linesOf("b", "c").length + "damaged\n".length;
    expect((await one.drain()).taken).toEqual({ records: 3, bytes, refused: 1 });
    expect(await two.drain()).toEqual({
      changes: [],
      refused: [],
      taken: { records: 3, bytes, refused: 0 },
    });
    expect(database.names()).toEqual(["a", "b", "c"]);
  });

  test("takes again what a database does not have that was brought back from a backup", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { drain, names, marks, taken } = openedReader(place);
    sink.write(linesOf("a"));
    await drain();
    sink.write(linesOf("b"));
    await drain();
    marks.set(`${place.owner}/1.jsonl`, linesOf("a").length);
    taken.pop();
    sink.write(linesOf("c"));
    await drain();
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("has what was written to files that were taken away, and to those that took their place", async () => {
    const place = await aPlace();
    const sink = openedSpool(place);
    const { drain, names } = openedReader(place);
    sink.write(linesOf("a"));
    await drain();
    sink.write(linesOf("b"));
    rmSync(place.folder, { recursive: true });
    await drain();
    sink.write(linesOf("c"));
    sink.write(linesOf("d"));
    await drain();
    // What was just written when they went is written again: the store keeps the same span once.
    expect([...new Set(names())]).toEqual(["a", "b", "c", "d"]);
  });

  test("removes everything at the end, but not what is not taken", async () => {
    const place = await aPlace();
    const sink = openSpool(place);
    const { reader, drain, marks, failNext } = openedReader(place);
    sink.write(linesOf("a"));
    failNext(new Error("the database is away"));
    await expect(reader.finish()).rejects.toThrow("the database is away");
    expect(readdirSync(folderOf(place)).sort()).toEqual(["1.jsonl", "lock"]);
    await drain();
    const long = "x".repeat(1024 ** 2);
    sink.write(linesOf(long, long));
    await reader.finish();
    expect(readdirSync(folderOf(place)).sort()).toEqual(["1.jsonl", "lock"]);
    await drain();
    await reader.finish();
    expect(readdirSync(folderOf(place))).toEqual(["lock"]);
    expect([...marks]).toEqual([]);
    sink.release();
    expect(existsSync(place.folder)).toBe(false);
  });
});

describe("what an engine has left that is gone", () => {
  test("is taken in the order it was written, also when there are ten segments and more", async () => {
    const place = await aPlace();
    const left = other(place);
    leave(left, linesOf("first"));
    for (const [number, name] of [
      [10, "last"],
      [2, "second"],
    ]) {
      writeFileSync(join(folderOf(left), `${number}.jsonl`), linesOf(String(name)));
    }
    const { claim, names } = openedReader(place);
    await claim();
    expect(names()).toEqual(["first", "second", "last"]);
    expect(existsSync(folderOf(left))).toBe(false);
  });

  test("is taken once, as its own, and removed; how it ended is told before", async () => {
    const place = await aPlace();
    leave(other(place, 2), linesOf("a"), linesOf("b") + exitLine(3));
    leave(other(place, 3), linesOf("c"));
    const folders: string[][] = [];
    const ended = vi.fn(async () => void folders.push(readdirSync(place.folder)));
    const { claim, taken, names, marks, reports } = openedReader(place, { ended });
    const { taken: own, refused } = await claim();
    expect({ own, refused, reports }).toEqual({
      own: { records: 0, bytes: 0, refused: 0 },
      refused: [],
      reports: [],
    });
    expect(names()).toEqual(["a", "b", "c"]);
    expect(taken.map(({ owner }) => owner)).toEqual([anOwner(2), anOwner(2), anOwner(3)]);
    expect(ended.mock.calls).toEqual([
      [{ owner: anOwner(2), exitCode: 3 }],
      [{ owner: anOwner(3) }],
    ]);
    expect(folders).toEqual([[anOwner(2), anOwner(3)], [anOwner(3)]]);
    expect([...marks]).toEqual([]);
    expect(existsSync(place.folder)).toBe(false);
  });

  test("comes before what this engine records", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("left"));
    openedSpool(place).write(linesOf("own"));
    const { claim, names } = openedReader(place);
    await claim();
    expect(names()).toEqual(["left", "own"]);
  });

  test("is left alone while its writer lives, whatever the clocks say", async () => {
    const place = await aPlace();
    const sink = openedSpool(other(place));
    sink.write(linesOf("a"));
    onTestFinished(() => void vi.useRealTimers());
    const { claim, names, ended } = openedReader(place);
    for (const time of [0, 4e12]) {
      vi.useFakeTimers({ toFake: ["Date"], now: time });
      for (const name of ["lock", "1.jsonl"])
        utimesSync(join(folderOf(other(place)), name), 1e9 - 1e8, 1e9 + time / 1e3);
      await claim();
    }
    expect({ names: names(), ended }).toEqual({ names: [], ended: [] });
    expect(sink.write(linesOf("b"))).toBeUndefined();
    expect(isWriterAlive(other(place))).toBe(true);
    sink.release();
    await claim();
    expect(names()).toEqual(["a", "b"]);
  });

  test("was taken before: then nothing is known of its segments any more", async () => {
    const place = await aPlace();
    mkdirSync(folderOf(other(place)), { recursive: true });
    takeLock(join(folderOf(other(place)), "lock"), "exclusive")?.release();
    const database = recordsInMemory();
    // Who took it ended between its last segment and what the database knows of that.
    database.marks.set(`${other(place).owner}/1.jsonl`, 100).set(`${place.owner}/1.jsonl`, 7);
    const { claim, ended } = openedReader(place, {}, database);
    await claim();
    expect([...database.marks.keys()]).toEqual([`${place.owner}/1.jsonl`]);
    expect(existsSync(folderOf(other(place)))).toBe(false);
    expect(ended).toEqual([]);
  });

  test("is taken although somebody has removed its lock", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("a"));
    rmSync(join(folderOf(other(place)), "lock"));
    const { claim, names, ended } = openedReader(place);
    await claim();
    expect({ names: names(), ended }).toEqual({ names: ["a"], ended: [{ owner: anOwner(2) }] });
    expect(existsSync(place.folder)).toBe(false);
  });

  test.each<[string, (folder: string) => void]>([
    ["nothing", () => undefined],
    ["a lock", (folder) => takeLock(join(folder, "lock"), "exclusive")?.release()],
  ])(
    "is removed without a word when it holds %s: it had not begun, or is read",
    async (_, fill) => {
      const place = await aPlace();
      const folder = folderOf(other(place));
      mkdirSync(folder, { recursive: true });
      fill(folder);
      const { claim, ended, reports, marks } = openedReader(place);
      marks.set(`${anOwner(2)}/1.jsonl`, 5);
      marks.set(`${anOwner(9)}/1.jsonl`, 5);
      await claim();
      expect({ ended, reports }).toEqual({ ended: [], reports: [] });
      expect(existsSync(folder)).toBe(false);
      // Marks of others may be of another machine.
      expect(marks.has(`${anOwner(9)}/1.jsonl`)).toBe(true);
    },
  );

  test("is not what other files in the folder are", async () => {
    const place = await aPlace();
    mkdirSync(join(place.folder, "notes"), { recursive: true });
    writeFileSync(join(place.folder, "notes", "1.jsonl"), linesOf("a"));
    writeFileSync(join(place.folder, anOwner(3)), "a file");
    const { claim, names, reports } = openedReader(place);
    await claim();
    expect({ names: names(), reports }).toEqual({ names: [], reports: [] });
    expect(readdirSync(place.folder).sort()).toEqual([anOwner(3), "notes"]);
  });

  test("and whose last record is torn loses that record, counted once", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("a"));
    appendFileSync(join(folderOf(other(place)), "1.jsonl"), linesOf("b").slice(0, 40));
    const { claim, names } = openedReader(place);
    const { refused } = await claim();
    expect(names()).toEqual(["a"]);
    expect(refused.map(({ message }) => message)).toEqual([
      `A record was dropped: the last 40 bytes in ${folderOf(other(place))} are not a complete record.`,
    ]);
    expect((await claim()).refused).toEqual([]);
  });

  test("and holds damaged lines loses them, counted once, and keeps the others", async () => {
    const place = await aPlace();
    const damaged = [
      "no JSON",
      '{"v":1,"kind":"span","span":{"id":',
      '{"v":1,"kind":"other","other":{}}',
      '{"v":1,"kind":"span","span":null}',
      '{"v":0,"kind":"span","span":{}}',
      '{"v":"2","kind":"span","span":{}}',
      "null",
      "",
    ];
    leave(other(place), `${linesOf("a")}${damaged.join("\n")}\n${linesOf("b")}`);
    const { claim, names, failNext } = openedReader(place);
    failNext(new Error("the database is away"));
    await expect(claim()).rejects.toThrow("the database is away");
    const { refused } = await claim();
    expect(names()).toEqual(["a", "b"]);
    expect(refused.map(({ code, message }) => `${code} ${message}`)).toEqual(
      damaged.map(() =>
        expect.stringMatching(/^internal An unreadable line of the spool was dropped: ./),
      ),
    );
    expect((await claim()).refused).toEqual([]);
  });

  test("and was written by a newer Rivulet stays from there on; that is said once, and others are read", async () => {
    const place = await aPlace();
    const newer = '{"v":2,"kind":"poem","poem":{}}\n';
    leave(other(place, 2), linesOf("a"), newer, linesOf("b") + exitLine(0));
    leave(other(place, 3), linesOf("c"));
    const { claim, names, ended, reports, marks } = openedReader(place);
    await claim();
    await claim();
    expect(names()).toEqual(["a", "c"]);
    expect(ended).toEqual([{ owner: anOwner(3) }]);
    expect(reports).toEqual([
      expect.objectContaining({
        code: "store_too_new",
        message: `Records in ${folderOf(other(place, 2))} were written by a newer Rivulet and were left there: update Rivulet to have them stored.`,
      }),
    ]);
    expect([...marks]).toEqual([[`${anOwner(2)}/1.jsonl`, linesOf("a").length]]);
    // The newer one finds everything, and nobody in the way.
    expect(takeLock(join(folderOf(other(place)), "lock"), "exclusive")).toBeDefined();
    expect(readdirSync(folderOf(other(place))).sort()).toEqual(["1.jsonl", "lock"]);
  });

  test("and cannot be read is left, which is said once, and others are read", async () => {
    const place = await aPlace();
    mkdirSync(join(folderOf(other(place, 2)), "1.jsonl"), { recursive: true });
    leave(other(place, 3), linesOf("a"));
    const { claim, names, reports } = openedReader(place);
    await claim();
    await claim();
    expect(names()).toEqual(["a"]);
    expect(reports).toEqual([
      expect.objectContaining({
        code: "store_unavailable",
        message: expect.stringContaining(folderOf(other(place, 2))),
      }),
    ]);
  });

  test("is told to have ended again when that failed, with what the process said last", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("a") + exitLine(1));
    const database = recordsInMemory();
    const ended = vi.fn().mockRejectedValue(new Error("the database is away"));
    const first = openedReader(place, { ended }, database);
    await expect(first.claim()).rejects.toThrow("the database is away");
    await expect(first.drain()).rejects.toThrow("the database is away");
    await first.reader.finish();
    const next = openedReader(place, {}, database);
    await next.claim();
    expect(next.ended).toEqual([{ owner: anOwner(2), exitCode: 1 }]);
    expect(database.names()).toEqual(["a"]);
  });

  test("has ended as the last line says, when records were made after the process began to end", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("a") + exitLine(0), linesOf("b") + exitLine(5));
    const { claim, names, ended } = openedReader(place);
    await claim();
    expect({ names: names(), ended }).toEqual({
      names: ["a", "b"],
      ended: [{ owner: anOwner(2), exitCode: 5 }],
    });
  });

  test("was killed when records stand behind how an earlier part of it ended", async () => {
    const place = await aPlace();
    leave(other(place), linesOf("a") + exitLine(0), linesOf("b"));
    const { claim, ended } = openedReader(place);
    await claim();
    expect(ended).toEqual([{ owner: anOwner(2) }]);
  });

  test("is taken once by several who find it at the same time, and none of them is stuck", async () => {
    const place = await aPlace();
    for (let owner = 10; owner < 20; owner++) leave(other(place, owner), linesOf(`left ${owner}`));
    const database = recordsInMemory();
    const readers = [1, 2, 3].map((index) => openedReader(other(place, index), {}, database));
    await Promise.all(readers.map(({ claim }) => claim()));
    expect([...database.names()].sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `left ${index + 10}`),
    );
    expect(readers.flatMap(({ reports }) => reports)).toEqual([]);
    expect(readers.flatMap(({ ended }) => ended)).toHaveLength(10);
    expect(existsSync(place.folder)).toBe(false);
  });

  test.each<[string, (folder: string) => void]>([
    ["removed", (folder) => rmSync(folder, { recursive: true })],
    ["moved", (folder) => renameSync(folder, `${folder}-moved`)],
  ])("may be %s while it is looked for and read", async (_, take) => {
    const place = await aPlace();
    const spool = place.folder;
    leave(other(place, 2), linesOf("a"));
    leave(other(place, 3), linesOf("b"));
    const { reader, drain, names, reports } = openedReader(place);
    reader.recover();
    await reader.step();
    take(spool);
    await drain();
    expect(names()).toEqual(["a"]);
    expect(reports).toEqual([]);
    expect(readdirSync(dirname(spool)).filter((name) => name === "spool")).toEqual([]);
  });
});
