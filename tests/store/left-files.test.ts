import { hash } from "node:crypto";
import { once } from "node:events";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRivulet, type Rivulet, type Store } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";
import type { FileStorage } from "@rivulet/store/sql";
import { expect, onTestFinished, test, vi } from "vitest";
import { aDatabase, backendOver, noUploads } from "./a-backend.ts";
import { type Child, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const HOUR_S = 3600;

/** A store that has files, and the folder they lie in. */
interface Place {
  readonly url: string;
  readonly files: string;
}

async function aPlace(): Promise<Place> {
  const path = join(await aFolder(), "app.db");
  return { url: `sqlite:${path}`, files: `${path}.files` };
}

/** The files that lie in the tree, as paths. */
async function pathsIn(files: string): Promise<readonly string[]> {
  const entries = await readdir(files, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function pathOf({ files }: Place, content: string): string {
  const id = hash("sha256", content);
  return join(files, id.slice(-2), id.slice(-4, -2), id);
}

/** As if it had been written so long ago. A file that is gone meanwhile stays gone. */
async function age(path: string, seconds: number): Promise<void> {
  const { mtimeMs } = await stat(path);
  await utimes(path, mtimeMs / 1000, mtimeMs / 1000 - seconds);
}

async function write(store: Store, content: string): Promise<void> {
  await store.files.write({ id: hash("sha256", content), content: Buffer.from(content) });
}

async function put(store: Store, content: string): Promise<void> {
  await write(store, content);
  const file = {
    fileId: hash("sha256", content),
    size: content.length,
    sha256: hash("sha256", content),
  };
  const artifact = { runId: hexId(1), path: content, contentType: "text/plain", createdAt: 0 };
  await store.artifacts.put({ ...artifact, ...file });
}

async function aRunIn(url: string, ...ids: readonly string[]): Promise<void> {
  const { store } = await opened(url);
  for (const id of ids) await store.runs.create(aRun({ id }));
  await store.close();
}

/** A client of a store that is closed after the test. */
async function aReader(url: string): Promise<Rivulet> {
  const { store } = await opened(url);
  return createRivulet({ store });
}

async function textOf(rivulet: Rivulet, path: string): Promise<string> {
  const { content } = await rivulet.artifacts.get({ runId: hexId(1), path });
  return Buffer.from(content).toString();
}

async function nextLine(child: Child): Promise<string> {
  const [line] = await once(child.lines, "line");
  return String(line);
}

test("what killed uploads have left is removed behind the opening once it is an hour old, and nothing else", async () => {
  const place = await aPlace();
  const { store } = await opened(place.url);
  await store.runs.create(aRun());
  await put(store, "named and old");
  await put(store, "named and new");
  for (const content of ["left and old", "left a while ago", "left just now"])
    await write(store, content);
  await store.close();
  const paths = await pathsIn(place.files);
  const temporary = ["old", "new"].map((name) => join(dirname(paths[0] ?? ""), `${name}.tmp`));
  for (const path of temporary) await writeFile(path, "half");
  const [old = ""] = temporary;
  for (const path of [pathOf(place, "named and old"), pathOf(place, "left and old"), old])
    await age(path, HOUR_S + 60);
  await age(pathOf(place, "left a while ago"), HOUR_S - 60);

  const { store: again, errors } = await opened(place.url);
  const kept = [...paths, ...temporary].filter(
    (path) => path !== old && path !== pathOf(place, "left and old"),
  );
  await expect.poll(() => pathsIn(place.files), { timeout: 20_000 }).toEqual(kept.toSorted());
  expect(await again.checkIntegrity()).toEqual({ ok: true, problems: [] });
  expect(errors).toEqual([]);
});

test("a file that is written once more while it is looked at stays, although nothing names it yet", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const ages = new Map([
    ["left", 2 * HOUR_S * 1000],
    ["again", 2 * HOUR_S * 1000],
  ]);
  const storage: FileStorage = {
    write: async () => undefined,
    read: async () => undefined,
    readPart: async () => undefined,
    uploads: noUploads,
    async list() {
      const items = [...ages].map(([id, ageMs]) => ({ id, size: 1, ageMs }));
      ages.set("again", 0);
      return { items };
    },
    hold: async (_sql, { ids, olderThanMs = 0 }) =>
      ids.filter((id) => (ages.get(id) ?? -1) >= olderThanMs),
    async remove(_sql, ids) {
      for (const id of ids) ages.delete(id);
    },
    removeTemporary: async () => 0,
  };
  const backend = backendOver(await aDatabase(), { storage, role: "writer" });
  await vi.advanceTimersByTimeAsync(1000);
  // Waits for what is being removed.
  await backend.close();
  expect([...ages.keys()]).toEqual(["again"]);
});

test("two stores in one folder leave each other's files alone", async () => {
  const folder = await aFolder();
  const { store: one } = await opened(`sqlite:${join(folder, "one.db")}`);
  await one.runs.create(aRun());
  await put(one, "of one");
  await age(pathOf({ url: "", files: join(folder, "one.db.files") }, "of one"), 2 * HOUR_S);
  const { store: two } = await opened(`sqlite:${join(folder, "two.db")}`);
  await two.runs.create(aRun());
  await write(two, "left in two");
  await two.close();
  const left = pathOf({ url: "", files: join(folder, "two.db.files") }, "left in two");
  await age(left, 2 * HOUR_S);

  await opened(`sqlite:${join(folder, "two.db")}`);
  await expect.poll(() => pathsIn(join(folder, "two.db.files")), { timeout: 20_000 }).toEqual([]);
  expect(await pathsIn(join(folder, "one.db.files"))).toHaveLength(1);
});

test("an upload that is killed before its record leaves a file that goes with the hour", async () => {
  const place = await aPlace();
  await aRunIn(place.url, hexId(1));
  const child = startChild("upload", place.url, hexId(1), "SIGKILL");
  expect(await nextLine(child)).toBe("written");
  await child.ended;
  const left = await pathsIn(place.files);
  expect(left).toEqual([pathOf(place, "content 0")]);
  await age(left[0] ?? "", 2 * HOUR_S);
  await opened(place.url);
  await expect.poll(() => pathsIn(place.files), { timeout: 20_000 }).toEqual([]);
});

test("an upload that stands still for hours before its record finds its file gone, and writes it again", async () => {
  const place = await aPlace();
  await aRunIn(place.url, hexId(1));
  const child = startChild("upload", place.url, hexId(1), "SIGSTOP");
  onTestFinished(() => void child.process.kill("SIGKILL"));
  expect(await nextLine(child)).toBe("written");
  await age(pathOf(place, "content 0"), 2 * HOUR_S);
  const rivulet = await aReader(place.url);
  await expect.poll(() => pathsIn(place.files), { timeout: 20_000 }).toEqual([]);

  const line = nextLine(child);
  child.process.kill("SIGCONT");
  expect(await line).toBe("file-0 content 0");
  await child.ended;
  expect(await textOf(rivulet, "file-0")).toBe("content 0");
});

test("processes that start while others upload take nothing from them", {
  timeout: 120_000,
}, async () => {
  const place = await aPlace();
  const runs = [1, 2, 3].map((n) => hexId(n));
  await aRunIn(place.url, ...runs);
  const said = new Map<string, string>();
  const uploaders = runs.map((runId) => {
    const child = startChild("upload", place.url, runId);
    onTestFinished(() => void child.process.kill("SIGKILL"));
    child.lines.on("line", (line) => said.set(`${runId} ${line.split(" ")[0]}`, line));
    return child;
  });
  await Promise.all(uploaders.map(nextLine));

  // Time goes by quickly: every file is two hours old as soon as it is seen.
  let isOver = false;
  const aging = (async () => {
    while (!isOver) {
      for (const path of await pathsIn(place.files).catch(() => [])) {
        await age(path, 2 * HOUR_S).catch(() => undefined);
      }
    }
  })();
  for (let round = 0; round < 4; round += 1) {
    const { store, errors } = await opened(place.url);
    await write(store, `left by round ${round}`);
    await age(pathOf(place, `left by round ${round}`), 2 * HOUR_S);
    await store.close();
    const { store: other, errors: others } = await opened(place.url);
    await expect
      .poll(() => other.files.read(hash("sha256", `left by round ${round}`)), { timeout: 20_000 })
      .toBe(undefined);
    await other.close();
    expect([...errors, ...others]).toEqual([]);
  }
  isOver = true;
  await aging;
  for (const { process } of uploaders) process.kill("SIGKILL");
  await Promise.all(uploaders.map(({ ended }) => ended));

  const rivulet = await aReader(place.url);
  expect(said.size).toBe(15);
  for (const runId of runs) {
    for (const { path, sha256 } of await rivulet.artifacts.list({ runId })) {
      const { content } = await rivulet.artifacts.get({ runId, path });
      expect(hash("sha256", content)).toBe(sha256);
    }
  }
});
