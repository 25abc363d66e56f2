import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { openStore } from "@rivulet/core";
import { storeContract } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChildOn } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

/** The oldest Node that is supported; its SQLite has the WAL-reset bug. */
const OLDEST = join(
  dirname(createRequire(import.meta.url).resolve("node22/package.json")),
  "bin/node",
);

test.each(["sqlite", "memory"])(
  "the %s driver keeps the contract on the oldest Node",
  async (driver) => {
    const child = startChildOn(OLDEST, "contract", driver, await aFolder());
    expect(await linesOf(child)).toEqual([`${storeContract.length} rules on Node v22.18.0`]);
  },
);

test("the oldest Node and this one do not write to one file together, whichever comes first", async () => {
  const url = `sqlite:${join(await aFolder(), "app.db")}`;
  const old = startChildOn(OLDEST, "open-with-sqlite", url);
  expect(await once(old.lines, "line")).toEqual(["open"]);
  await expect(openStore(url)).rejects.toMatchObject({ code: "store_locked" });
  old.process.stdin.end();
  await old.ended;

  await opened(url);
  const refused = await linesOf(startChildOn(OLDEST, "open-with-sqlite", url));
  expect(refused).toEqual([
    expect.stringMatching(/^store_locked .* SQLite 3\.50\.2 of this Node \(22\.18\.0\) can damage/),
  ]);
});
