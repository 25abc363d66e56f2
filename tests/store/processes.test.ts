import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openStore, type StoreChange } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

test("four processes open a new file at once", async () => {
  const url = `sqlite:${join(await aFolder(), "new.db")}`;
  const children = [1, 2, 3, 4].map((index) => startChild("open", url, hexId(index)));
  expect(await Promise.all(children.map(linesOf))).toEqual([["ok"], ["ok"], ["ok"], ["ok"]]);
  const { store } = await opened(url);
  const { items } = await store.runs.search({
    where: [],
    order: [],
    limit: 10,
    experimentIds: [],
    lifecycle: "active",
  });
  expect(items.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4].map((index) => hexId(index)));
});

test("runs that two processes make at once each have what they were given", async () => {
  const url = `sqlite:${join(await aFolder(), "new.db")}`;
  const children = ["a", "b"].map((name) => startChild("make-runs", url, name, "50"));
  expect(await Promise.all(children.map(linesOf))).toEqual([["ok"], ["ok"]]);
  const { store } = await opened(url);
  const { items } = await store.runs.search({
    where: [],
    order: [],
    limit: 1000,
    experimentIds: [],
    lifecycle: "active",
  });
  expect(items.length).toBe(100);
  for (const { name, params, metrics } of items) {
    expect({ params, metrics }).toEqual({
      params: { shared: name, [name]: "own" },
      metrics: { shared: 2, [name]: 1 },
    });
  }
});

test("a second process is told that another one has a json: project, and takes over what that leaves when it is killed", async () => {
  const url = `json:${join(await aFolder(), "project.json")}`;
  const child = startChild("record", url, "0");
  await once(child.lines, "line");
  await expect(openStore(url)).rejects.toMatchObject({
    code: "store_locked",
    message: expect.stringMatching(/is already open in another process or thread\./),
  });
  child.process.kill("SIGKILL");
  await child.ended;
  const { store } = await opened(url);
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.name).toBe(aSpan().name);
});

test("what another process writes is told to those who listen", async () => {
  const url = `sqlite:${join(await aFolder(), "shared.db")}`;
  const { store } = await opened(url);
  const told = Promise.withResolvers<StoreChange>();
  store.subscribe(told.resolve);
  await linesOf(startChild("open", url, hexId(1)));
  expect(await told.promise).toEqual({ entity: "run", ids: [hexId(1)] });
});

test("a closed store leaves one file", async () => {
  const folder = await aFolder();
  const store = await openStore(`sqlite:${join(folder, "one.db")}`);
  store.journal.appendSpan(aSpan());
  await store.close();
  expect(await readdir(folder)).toEqual(["one.db"]);
});
