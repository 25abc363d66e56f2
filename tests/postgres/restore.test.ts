import { join } from "node:path";
import { restoreBackup } from "@rivulet/core";
import { aRun, aSpan } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aFolder, opened } from "../store/folder.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

test("nothing is restored into a store that somebody has open, nor is it in the way once it was closed", async () => {
  const folder = join(await aFolder(), "backup");
  const { store: source } = await opened("memory:");
  await source.runs.create(aRun());
  await source.backup(folder);

  const url = await aStoreUrl();
  const { store } = await openedPostgres(url);
  // Somebody who has made something, and has removed it again.
  const { endTime: _end, ...open } = aSpan({ status: "in_progress" });
  store.journal.appendSpan(open);
  await store.journal.flush();
  await store.traces.delete([open.traceId]);
  await expect(restoreBackup(folder, { store: url })).rejects.toMatchObject({
    code: "store_locked",
    details: { url: store.info.url },
  });

  await store.close();
  await restoreBackup(folder, { store: url });
  const { store: restored } = await openedPostgres(url);
  expect((await restored.runs.get(aRun().id))?.id).toBe(aRun().id);
});
