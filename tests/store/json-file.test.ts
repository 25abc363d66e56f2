import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { aPromptVersion, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aFolder, opened } from "./folder.ts";

test("an acknowledged write is in the file, readable and in a fixed order", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  await store.prompts.addVersion(aPromptVersion());
  const content = await readFile(path, "utf8");
  const { tables } = JSON.parse(content) as { tables: Record<string, readonly object[]> };
  expect(Object.keys(tables)).toEqual(Object.keys(tables).toSorted());
  expect(tables["prompt_versions"]).toEqual([
    expect.objectContaining({
      config: aPromptVersion().config,
      variables: aPromptVersion().variables,
    }),
  ]);
  expect(content).toContain('\n  "tables": {\n    "experiments": [\n');
});

test("a file comes back as it was written", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  const span = aSpan({ input: { messages: [{ role: "user", content: "x".repeat(3_000) }] } });
  store.journal.appendSpan(span);
  await store.runs.create(aRun({ params: { __proto__: "own" } as never }));
  await store.close();
  const before = await readFile(path, "utf8");

  const { store: again } = await opened(`json:${path}`);
  expect(await again.traces.loadSpans(span.traceId)).toEqual([span]);
  await again.close();
  expect(await readFile(path, "utf8")).toBe(before);
});

test("a closed project leaves one file", async () => {
  const folder = await aFolder();
  const store = await openStore(`json:${join(folder, "project.json")}`);
  store.journal.appendSpan(aSpan());
  await store.close();
  expect(await readdir(folder)).toEqual(["project.json"]);
});

test("a second client is refused, and the lock of an ended process is taken over", async () => {
  const path = join(await aFolder(), "project.json");
  const store = await openStore(`json:${path}`);
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "store_locked",
    details: { pid: process.pid, path },
  });
  await store.close();
  // No process has this pid: it is above what the system gives out.
  await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 30, processStart: 1 }));
  const { store: next } = await opened(`json:${path}`);
  expect((await next.experiments.get("0"))?.name).toBe("Default");
});

test("a lock of an earlier process with the pid of this one is taken over", async () => {
  const path = join(await aFolder(), "project.json");
  await writeFile(`${path}.lock`, JSON.stringify({ pid: process.pid, processStart: 1 }));
  const { store } = await opened(`json:${path}`);
  expect((await store.experiments.get("0"))?.name).toBe("Default");
});

test("above four megabytes new traces are dropped, counted and told of; the rest goes on", async () => {
  const path = join(await aFolder(), "project.json");
  const { store, errors } = await opened(`json:${path}`);
  const big = "x".repeat(900_000);
  for (let index = 1; index <= 5; index++) {
    store.journal.appendSpan(aSpan({ traceId: hexId(index), input: big }));
  }
  await store.journal.flush();
  store.journal.appendSpan(aSpan({ traceId: hexId(9) }));
  store.journal.appendSpan(aSpan({ traceId: hexId(1), id: hexId(2, 16), parentId: hexId(1, 16) }));
  await store.journal.flush();
  expect(await store.traces.get(hexId(9))).toBeUndefined();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(2);
  expect(store.journal.stats().dropped).toBe(1);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "limit_exceeded",
      message: expect.stringContaining("rivulet migrate json:"),
    }),
  ]);
  await store.runs.create(aRun());
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
});
