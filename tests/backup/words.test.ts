import { join } from "node:path";
import { createRivulet, restoreBackup } from "@rivulet/core";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder } from "./folder.ts";

/** A client that is closed after the test. */
function aClient(file: string): ReturnType<typeof createRivulet> {
  const rivulet = createRivulet({ store: `sqlite:${file}` });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function indexed(file: string): Promise<readonly unknown[]> {
  const database = openSqlite(file, { readOnly: true });
  try {
    await vi.waitFor(
      async () => expect(await database.all("SELECT trace_id FROM unindexed")).toEqual([]),
      { timeout: 20_000, interval: 100 },
    );
    return await database.all("SELECT rowid FROM trace_words('otter')");
  } finally {
    await database.close();
  }
}

test("a backup has no index of words: the restored store finds all of them, and makes its own", async () => {
  const folder = await aFolder();
  const first = aClient(join(folder, "first.db"));
  first.startSpan("otter", { parent: null }).end();
  await first.flush();
  expect(await indexed(join(folder, "first.db"))).toHaveLength(1);
  await first.backup(join(folder, "backup"));

  const file = join(folder, "second.db");
  await restoreBackup(join(folder, "backup"), { store: `sqlite:${file}` });
  const second = aClient(file);
  const found = await second.traces.search({ filter: "text MATCH 'ott*'" });
  expect(found.items).toHaveLength(1);
  expect(await indexed(file)).toHaveLength(1);
  const again = await second.traces.search({ filter: "text MATCH 'ott*'" });
  expect(again.items).toEqual(found.items);
});
