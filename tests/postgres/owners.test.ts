import { once } from "node:events";
import { hexId } from "@rivulet/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { type Child, startChild } from "../store/child.ts";
import { aFolder } from "../store/folder.ts";
import { ask } from "./ask.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

/** A process that watches over a run, on a machine of its own as far as anybody can see. */
async function startWatching(url: string, runId: string): Promise<Child & { owner: string }> {
  const child = startChild("watch-run", url, await aFolder(), runId);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  const [owner] = (await once(child.lines, "line")) as [string];
  return { ...child, owner };
}

test("a run ends whose process was not heard of for five minutes; that of a living one goes on", async () => {
  const url = await aStoreUrl();
  const gone = await startWatching(url, hexId(1));
  const living = await startWatching(url, hexId(2));
  gone.process.kill("SIGKILL");
  await gone.ended;
  // Five minutes pass, by the database's clock.
  const schema = new URL(url).searchParams.get("schema");
  const wait = `UPDATE ${schema}.owners SET seen_us = seen_us - 301000000 WHERE id <> $1`;
  await ask(url, wait, [living.owner]);

  const { store } = await openedPostgres(url);
  const status = async (n: number): Promise<string | undefined> =>
    (await store.runs.get(hexId(n)))?.status;
  await expect.poll(() => status(1), { timeout: 30_000 }).toBe("killed");
  expect(await status(2)).toBe("running");
});
