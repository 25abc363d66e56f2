import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore, type StoreChange } from "@rivulet/core";
import { aPromptVersion, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { takeLock } from "@rivulet/store/spool";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder, opened } from "./folder.ts";

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

async function contentsOf(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = await filesIn(folder);
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const),
  );
}

test("each prompt version and each run has a readable file of its own", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  await store.prompts.addVersion(aPromptVersion({ name: "greeting", template: "Hello\n{{name}}" }));
  await store.runs.create(aRun({ params: { lr: "0.1" }, tags: { b: "2", a: "1" } }));
  store.journal.appendSpan(aSpan());
  await store.close();

  const names = await filesIn(path);
  const version = names.find((name) => name.startsWith("prompts/greeting/v1-"));
  expect(names.filter((name) => !name.startsWith("local/"))).toEqual([
    ".gitattributes",
    ".gitignore",
    "experiments/0/experiment.json",
    "prompts/greeting/prompt.json",
    version,
    "rivulet.json",
    `runs/${aRun().id}.json`,
  ]);
  expect(await readFile(join(path, String(version)), "utf8")).toContain(
    '"$lines": [\n      "Hello",\n      "{{name}}"\n    ]',
  );
  const run = JSON.parse(await readFile(join(path, "runs", `${aRun().id}.json`), "utf8"));
  expect(run).toMatchObject({ params: { lr: "0.1" } });
  expect(Object.keys(run.tags)).toEqual(["a", "b"]);
  expect(await readFile(join(path, ".gitignore"), "utf8")).toContain("/local/\n");
});

test("a project comes back as it was written, and is not written without a change", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  const span = aSpan({ input: { messages: [{ role: "user", content: "x".repeat(3_000) }] } });
  store.journal.appendSpan(span);
  const odd = { $lines: ["data"], deep: { $json: "1" } };
  await store.prompts.addVersion(aPromptVersion({ config: odd }));
  await store.runs.create(aRun({ tags: { text: "two\nlines" } }));
  await store.close();
  const before = await contentsOf(path);
  const { mtimeMs } = await stat(join(path, "rivulet.json"));

  const again = await openStore(`json:${path}`);
  expect(await again.traces.loadSpans(span.traceId)).toEqual([span]);
  expect((await again.runs.get(aRun().id))?.tags).toEqual({ text: "two\nlines" });
  const found = await again.prompts.getVersion({ name: aPromptVersion().name, version: 1 });
  expect(found?.config).toEqual(odd);
  await again.close();
  expect(await contentsOf(path)).toEqual(before);
  expect((await stat(join(path, "rivulet.json"))).mtimeMs).toBe(mtimeMs);
});

test.each([
  ["Up", /^up~[0-9a-f]{10}$/],
  ["../../etc/passwd", /^etc-passwd~[0-9a-f]{10}$/],
  ["con", /^con~[0-9a-f]{10}$/],
  ["dot.", /^dot~[0-9a-f]{10}$/],
  ["x".repeat(200), /^x{48}~[0-9a-f]{10}$/],
  ["日本", /^~[0-9a-f]{10}$/],
])("the prompt %j gets a folder that every file system takes", async (name, expected) => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.prompts.addVersion(aPromptVersion({ name }));
  expect(await readdir(join(path, "prompts"))).toEqual([expect.stringMatching(expected)]);
});

test("names that differ in case, in Unicode form or in what a path reads are told apart", async () => {
  const path = join(await aFolder(), "project");
  const names = [
    "up",
    "Up",
    "UP",
    "caf\u00e9",
    "cafe\u0301",
    "a/b",
    "a-b",
    "..",
    ".",
    "a b",
    "🦦",
    "🦊",
  ];
  const store = await openStore(`json:${path}`);
  for (const name of names) {
    const tags = { [name]: name };
    await store.prompts.addVersion(aPromptVersion({ name, tags }));
    await store.prompts.setAlias({
      name,
      alias: "live",
      arms: [{ version: 1, weight: 1 }],
      updatedAt: 1,
    });
  }
  await store.close();
  const folders = await readdir(join(path, "prompts"));
  const plain = folders.map((name) => name.normalize("NFC").toLowerCase());
  expect(new Set(plain).size).toBe(names.length);
  expect(await readdir(path)).not.toContain("tag-");

  const { store: again } = await opened(`json:${path}`);
  for (const name of names) {
    expect((await again.prompts.getVersion({ name, version: 1 }))?.tags).toEqual({ [name]: name });
  }
});

test.each([
  ['{"rivulet":{"schema":2},"tables":{}}\n', /an older Rivulet.*rivulet restore FOLDER/],
  ["notes", /Choose another path/],
])("a path that is a file is refused and left as it is: %j", async (content, message) => {
  const path = join(await aFolder(), "project.json");
  await writeFile(path, content);
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "invalid_argument",
    message: expect.stringMatching(message),
  });
  expect(await readFile(path, "utf8")).toBe(content);
});

test("another thread is refused while one has the project", async () => {
  const path = join(await aFolder(), "project");
  await mkdir(join(path, "local"), { recursive: true });
  const lock = takeLock(join(path, "local", "lock"), "exclusive");
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "store_locked",
    details: { path },
  });
  lock?.release();
  const { store } = await opened(`json:${path}`);
  expect((await store.experiments.get("0"))?.name).toBe("Default");
});

test("links and permissions of files stay", async () => {
  const folder = await aFolder();
  const path = join(folder, "project");
  const first = await openStore(`json:${path}`);
  await first.runs.create(aRun());
  await first.close();
  const file = join(path, "runs", `${aRun().id}.json`);
  await rename(file, join(folder, "elsewhere.json"));
  await chmod(join(folder, "elsewhere.json"), 0o640);
  await symlink("../../elsewhere.json", file);

  const { store } = await opened(`json:${path}`);
  await store.runs.update({ id: aRun().id, tags: { seen: "yes" } });
  expect(await readFile(join(folder, "elsewhere.json"), "utf8")).toContain('"seen": "yes"');
  expect((await stat(join(folder, "elsewhere.json"))).mode & 0o777).toBe(0o640);
});

test("what somebody else writes is kept by our next change, and read", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  const file = join(path, "runs", `${hexId(1)}.json`);
  const theirs = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...theirs, name: "theirs" }));
  await store.runs.create(aRun({ id: hexId(2) }));
  const found = async (): Promise<unknown> => (await store.runs.get(hexId(1)))?.name;
  await expect.poll(found, { timeout: 5_000 }).toBe("theirs");
  expect(JSON.parse(await readFile(file, "utf8")).name).toBe("theirs");
});

test.each([
  ["with as many bytes as before", "they 2", 2_000],
  ["with the time that it had before", "they again", 1_000],
])("a file that somebody else rewrites %s is read", async (_case, name, time) => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ name: "ours" }));
  const file = join(path, "runs", `${aRun().id}.json`);
  const text = await readFile(file, "utf8");
  const found = async (): Promise<unknown> => (await store.runs.get(aRun().id))?.name;
  for (const [theirs, seconds] of [["they 1", 1_000] as const, [name, time] as const]) {
    await writeFile(file, text.replace('"ours"', JSON.stringify(theirs)));
    await utimes(file, seconds, seconds);
    await expect.poll(found, { timeout: 5_000 }).toBe(theirs);
  }
});

test("what somebody else writes is read a moment later without any change of ours", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun());
  await rm(join(path, "runs", `${aRun().id}.json`));
  await expect.poll(() => store.runs.get(aRun().id), { timeout: 5_000 }).toBeUndefined();
});

test("points of metrics stay with their run when others come and go", async () => {
  const path = join(await aFolder(), "project");
  const rivulet = createRivulet({ store: `json:${path}` });
  const ids: string[] = [];
  for (const value of [1, 2]) {
    await rivulet.runs.with({ name: `run ${value}` }, async (run) => {
      ids.push(run.id);
      run.logMetric("loss", value);
    });
  }
  await rivulet.close();
  const [first = "", second = ""] = ids;
  const file = join(path, "runs", `${first}.json`);
  const text = await readFile(file, "utf8");
  await writeFile(join(path, "runs", `${hexId(1)}.json`), text.replaceAll(first, hexId(1)));
  await rm(file);

  for (const _opening of [1, 2]) {
    const store = await openStore(`json:${path}`);
    const valuesOf = async (runId: string): Promise<readonly number[]> => {
      const { items } = await store.runs.metricHistory({ runId, key: "loss", limit: 10 });
      return items.map(({ value }) => value);
    };
    expect(await valuesOf(second)).toEqual([2]);
    expect(await valuesOf(hexId(1))).toEqual([]);
    expect((await store.runs.get(hexId(1)))?.metrics).toEqual({ loss: 1 });
    await store.runs.create(aRun({ id: hexId(_opening + 1), metrics: { loss: 3 } }));
    expect(await valuesOf(hexId(_opening + 1))).toEqual([3]);
    await store.close();
  }
});

test("runs that somebody else adds leave the points of those that are there to them", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  const points = [1, 2].map((value) => ({ key: "loss", value, step: value, timestamp: value }));
  await store.runs.create(aRun({ id: hexId(7) }));
  await store.runs.logBatch({ runId: hexId(7), metrics: points });
  await store.close();
  const text = await readFile(join(path, "runs", `${hexId(7)}.json`), "utf8");
  const added = Array.from({ length: 20 }, (_, index) => hexId(index + 100));
  for (const id of added) {
    await writeFile(join(path, "runs", `${id}.json`), text.replaceAll(hexId(7), id));
  }

  const { store: again } = await opened(`json:${path}`);
  const pointsOf = async (runId: string): Promise<readonly unknown[]> =>
    (await again.runs.metricHistory({ runId, key: "loss", limit: 10 })).items;
  expect(await pointsOf(hexId(7))).toEqual(points);
  for (const id of added) {
    expect(await pointsOf(id)).toEqual([]);
    expect((await again.runs.get(id))?.metrics).toEqual({ loss: 2 });
  }
});

test("listeners are told what somebody else has changed, added and removed", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  await store.prompts.addVersion(aPromptVersion({ name: "Greeting" }));
  const told: StoreChange[] = [];
  onTestFinished(store.subscribe((change) => told.push(change)));
  const [folder = ""] = await readdir(join(path, "prompts"));
  await rm(join(path, "prompts", folder), { recursive: true });
  const run = await readFile(join(path, "runs", `${hexId(1)}.json`), "utf8");
  await writeFile(join(path, "runs", `${hexId(2)}.json`), run.replace(hexId(1), hexId(2)));
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 5_000 });
  expect(told.toSorted((a, b) => (a.entity < b.entity ? -1 : 1))).toEqual([
    { entity: "prompt", ids: ["Greeting"] },
    { entity: "run", ids: [hexId(2)] },
  ]);
});

test("a project that is open for reading shows what its writer does, traces too", async () => {
  const path = join(await aFolder(), "project");
  const writer = await openStore(`json:${path}`);
  onTestFinished(() => writer.close());
  const { store } = await opened(`json:${path}`, { readOnly: true });
  const span = aSpan();
  writer.journal.appendSpan(span);
  await writer.journal.flush();
  await expect.poll(() => store.traces.loadSpans(span.traceId), { timeout: 5_000 }).toEqual([span]);
});

test("a project that is open for reading is not locked and not written", async () => {
  const path = join(await aFolder(), "project");
  const writer = await openStore(`json:${path}`);
  await writer.runs.create(aRun());
  await writer.close();
  const before = await contentsOf(path);
  const { store } = await opened(`json:${path}`, { readOnly: true });
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
  await store.close();
  expect(await contentsOf(path)).toEqual(before);
});
