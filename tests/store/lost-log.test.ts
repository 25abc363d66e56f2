import { once } from "node:events";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Child, linesOf, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

/** A process that has a store open and creates a run for each id it is told. */
function aWriter(path: string): Child {
  const child = startChild("create-on-demand", `sqlite:${path}`);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

/** What the process says to one more run. */
async function outcomeOf(child: Child, runId: string): Promise<unknown> {
  child.process.stdin.write(`${runId}\n`);
  return (await once(child.lines, "line"))[0];
}

/** Which of the runs 1, 2, 3 … are in a store; what is wrong with it. */
async function contentOf(path: string, runs: number): Promise<unknown> {
  const store = await openStore(`sqlite:${path}`);
  const ids = Array.from({ length: runs }, (_, index) => hexId(index + 1));
  const found = await Promise.all(ids.map((id) => store.runs.get(id)));
  const { problems } = await store.checkIntegrity();
  await store.close();
  return { runs: found.flatMap((run, index) => (run ? [index + 1] : [])), problems };
}

describe.each<[string, (path: string) => Promise<unknown>]>([
  ["log of a store is deleted", (path) => rm(`${path}-wal`)],
  ["index of a store's log is deleted", (path) => rm(`${path}-shm`)],
  [
    "log of a store is replaced",
    async (path) => {
      await writeFile(`${path}-other`, Buffer.alloc(40_000, 7));
      await rename(`${path}-other`, `${path}-wal`);
    },
  ],
])("when only the %s while it is open", (_what, lose) => {
  test("what is acknowledged from then on, and before, is there after a kill", async () => {
    const path = join(await aFolder(), "app.db");
    const child = aWriter(path);
    expect(await outcomeOf(child, hexId(1))).toBe("ok");
    await lose(path);
    expect(await outcomeOf(child, hexId(2))).toBe("ok");
    expect(await outcomeOf(child, hexId(3))).toBe("ok");
    child.process.kill("SIGKILL");
    await child.ended;
    expect(await contentOf(path, 3)).toEqual({ runs: [1, 2, 3], problems: [] });
  });

  test("it goes on, reads what it writes, says it once, and nobody else can write", async () => {
    const path = join(await aFolder(), "app.db");
    const { store, errors } = await opened(`sqlite:${path}`);
    await store.runs.create(aRun({ id: hexId(1) }));
    expect((await store.runs.get(hexId(1)))?.id).toBe(hexId(1));
    await lose(path);
    await store.runs.create(aRun({ id: hexId(2) }));
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    expect((await store.runs.get(hexId(2)))?.id).toBe(hexId(2));
    expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
    expect(errors).toEqual([
      expect.objectContaining({
        code: "store_unavailable",
        message: expect.stringMatching(/^The log of store .*\. Nothing is lost:/),
      }),
    ]);
    expect(await linesOf(startChild("open", `sqlite:${path}`, hexId(9)))).toEqual(["store_locked"]);
    await store.close();
    expect(await contentOf(path, 2)).toEqual({ runs: [1, 2], problems: [] });
  });

  test("and it is closed without another call, nothing is lost", async () => {
    const path = join(await aFolder(), "app.db");
    const store = await openStore(`sqlite:${path}`, { onError: () => undefined });
    await store.runs.create(aRun({ id: hexId(1) }));
    await lose(path);
    await store.close();
    expect(await contentOf(path, 1)).toEqual({ runs: [1], problems: [] });
  });

  test("and several processes have it open, all refuse to write until the last one has closed it", async () => {
    const path = join(await aFolder(), "app.db");
    const { store } = await opened(`sqlite:${path}`);
    const child = aWriter(path);
    expect(await outcomeOf(child, hexId(1))).toBe("ok");
    await store.runs.create(aRun({ id: hexId(2) }));
    await lose(path);
    expect(await outcomeOf(child, hexId(3))).toBe("store_unavailable");
    await expect(store.runs.create(aRun({ id: hexId(3) }))).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/close the store in all of them/),
    });
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
    await store.runs.create(aRun({ id: hexId(4) }));
    await store.close();
    expect(await contentOf(path, 4)).toEqual({ runs: [1, 2, 4], problems: [] });
  });
});

test("what the deleted log of several processes held is in the file once one was refused, also when all are killed", async () => {
  const path = join(await aFolder(), "app.db");
  const [one, other] = [aWriter(path), aWriter(path)];
  expect(await outcomeOf(one, hexId(1))).toBe("ok");
  expect(await outcomeOf(other, hexId(2))).toBe("ok");
  await rm(`${path}-wal`);
  expect(await outcomeOf(one, hexId(3))).toBe("store_unavailable");
  for (const child of [one, other]) {
    child.process.kill("SIGKILL");
    await child.ended;
  }
  expect(await contentOf(path, 3)).toEqual({ runs: [1, 2], problems: [] });
});

test("a log that SQLite itself removes and makes again is no lost one", async () => {
  const path = join(await aFolder(), "app.db");
  for (const id of [1, 2, 3]) {
    const { store, errors } = await opened(`sqlite:${path}`);
    const { store: reader } = await opened(`sqlite:${path}`, { readOnly: true });
    await linesOf(startChild("open", `sqlite:${path}`, hexId(id)));
    expect((await reader.runs.get(hexId(id)))?.id).toBe(hexId(id));
    await reader.close();
    await store.runs.update({ id: hexId(id), name: "renamed" });
    await store.close();
    expect(errors).toEqual([]);
  }
});
