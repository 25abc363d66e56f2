import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

/** A thread that records into a store. */
function startRecording(url: string): Worker {
  const file = fileURLToPath(new URL("children/record-in-thread.ts", import.meta.url));
  return new Worker(file, { argv: [url], execArgv: ["--conditions=@rivulet/source"] });
}

test("what a thread has recorded that ended without closing is taken by another one of the process", async () => {
  const url = `sqlite:${join(await aFolder(), "threads.db")}`;
  const thread = startRecording(url);
  const [spans] = await once(thread, "message");
  await thread.terminate();
  const { store } = await opened(url);
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(spans);
});

test("threads of one process write to one file at the same time, each with an engine of its own", async () => {
  const url = `sqlite:${join(await aFolder(), "threads.db")}`;
  const { store, errors } = await opened(url);
  const thread = startRecording(url);
  const [spans] = await once(thread, "message");
  thread.postMessage("close");
  await once(thread, "exit");
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(spans);
  expect(errors).toEqual([]);
});

test.each(["sqlite", "json"])(
  "a process that does not close its %s: store ends by itself, and loses nothing",
  async (scheme) => {
    const url = `${scheme}:${join(await aFolder(), "unclosed")}`;
    expect(await linesOf(startChild("record-unclosed", url))).toEqual(["recorded"]);
    const { store } = await opened(url);
    await store.journal.flush();
    expect((await store.traces.get(hexId(1)))?.spanCount).toBe(1);
  },
);
