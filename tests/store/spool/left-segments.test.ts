import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aStoreUrl } from "../../postgres/store-url.ts";
import { aFolder } from "../folder.ts";

const OWNER = "00112233445566778899aabbccddeeff";

/** A spool in which a process that is gone has left records, so many minutes ago. */
async function aLeftSpool(minutes: number): Promise<string> {
  const spool = join(await aFolder(), "spool");
  await mkdir(join(spool, OWNER), { recursive: true });
  const segment = join(spool, OWNER, "1.jsonl");
  await writeFile(segment, `{"v":1}\n`);
  const then = Date.now() / 1000 - minutes * 60;
  await utimes(segment, then, then);
  return spool;
}

const urls = {
  sqlite: async () => `sqlite:${join(await aFolder(), "app.db")}`,
  postgres: () => aStoreUrl(),
};

test.each(Object.entries(urls))(
  "%s: what a process that is gone has left in the spool for long is a problem",
  async (_, urlOf) => {
    const url = await urlOf();
    const store = await openStore(url, { spool: join(await aFolder(), "spool") });
    await store.runs.create(aRun());
    await store.close();
    const problemsIn = async (spool: string): Promise<readonly string[]> => {
      const reader = await openStore(url, { spool, readOnly: true });
      const { problems } = await reader.checkIntegrity();
      await reader.close();
      return problems;
    };
    const spool = await aLeftSpool(6);
    expect(await problemsIn(spool)).toEqual([
      `8 bytes of records in ${join(spool, OWNER)} are not in the store, because the process that recorded them is gone. To store them, open the store for writing with this spool for a minute, for example with "rivulet serve".`,
    ]);
    expect(await problemsIn(await aLeftSpool(4))).toEqual([]);
  },
);
